import type { Session } from "../adapters/postgres/connect.js";
import { readSql } from "../adapters/sql-file.js";
import { UnavailableError } from "../findings/errors.js";
import type { DatabaseIdentity } from "./journal.js";

/** What a server says of itself. */
export interface ServerFacts {
  readonly version: string;
  readonly versionNumber: number;
  readonly role: string;
  readonly isStandby: boolean;
  /** Of a standby: `host:port` that it follows, where it may be known. */
  readonly primaryAddress: string | null;
  /** Null where the role may not know it. */
  readonly dataDirectory: string | null;
  readonly mayMonitor: boolean;
  readonly mayReadFiles: boolean;
  readonly mayMakeTemporary: boolean;
  readonly identity: DatabaseIdentity;
}

interface ServerRow {
  version: string;
  version_number: number;
  database: string;
  database_id: string;
  role: string;
  is_standby: boolean;
  primary_address: string | null;
  data_directory: string | null;
  may_monitor: boolean;
  may_read_files: boolean;
  may_make_temporary: boolean;
}

/** Reads what decides if concurrent work is possible. */
export async function readServer(session: Session): Promise<ServerFacts> {
  const [row] = await session.query<ServerRow>(readSql("indexes/server"));
  return {
    version: row!.version,
    versionNumber: row!.version_number,
    role: row!.role,
    isStandby: row!.is_standby,
    primaryAddress: row!.primary_address,
    dataDirectory: row!.data_directory,
    mayMonitor: row!.may_monitor,
    mayReadFiles: row!.may_read_files,
    mayMakeTemporary: row!.may_make_temporary,
    identity: {
      system: await systemId(session),
      databaseId: row!.database_id,
      database: row!.database,
    },
  };
}

/** Some managed servers keep the function to themselves. */
async function systemId(session: Session): Promise<string | null> {
  try {
    const [row] = await session.query<{ id: string }>(
      "select system_identifier::text as id from pg_catalog.pg_control_system()",
    );
    return row!.id;
  } catch {
    return null;
  }
}

/**
 * Refuses a server on which no index can be built safely.
 *
 * @throws UnavailableError with the reason and what to do.
 */
export function requireBuilder(facts: ServerFacts): void {
  if (facts.isStandby) {
    const primary = facts.primaryAddress ? `, ${facts.primaryAddress}` : "";
    throw new UnavailableError(
      "this server is a read-only standby: indexes come to it from its primary",
      `name the primary${primary}: --url env:NAME`,
    );
  }
  if (isCorrupting(facts.versionNumber)) {
    throw new UnavailableError(
      `PostgreSQL ${facts.version} builds broken indexes when it builds concurrently (fixed in 14.4)`,
      "upgrade the server to the latest 14.x: a restart, no dump; then check old indexes with pg_amcheck --heapallindexed",
    );
  }
}

/** 14.0 to 14.3: rows changed by HOT updates while the build runs are missing from the index. */
export function isCorrupting(versionNumber: number): boolean {
  return versionNumber >= 140_000 && versionNumber < 140_004;
}
