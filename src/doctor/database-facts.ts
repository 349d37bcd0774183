import { QueryError, type Snapshot } from "../adapters/postgres/snapshot.js";
import { readSql } from "../adapters/sql-file.js";
import { type Application, type HiddenRows, readHiddenRows, type StatementFacts } from "../database/index.js";
import { type Attempt, attempt } from "../findings/attempt.js";
import { UnavailableError } from "../findings/errors.js";

/** What the server says of the role that looks, and of itself. */
export interface RoleFacts {
  readonly role: string;
  /** As the server writes it: `16.4 (Debian 16.4-1.pgdg120+1)`. */
  readonly version: string;
  readonly isStandby: boolean;
  readonly isSuperuser: boolean;
  readonly bypassesRls: boolean;
  readonly readsAllStatistics: boolean;
  readonly schemasWithoutUsage: readonly string[];
  /** Ids of the tables whose rows a policy may hide from the role, were it not for BYPASSRLS. */
  readonly filteredTables: readonly string[];
  readonly statements: StatementFacts;
}

/** A database that answered. */
export interface ServerFacts {
  /** `divanco on localhost:5432` */
  readonly shown: string;
  readonly role: RoleFacts;
  readonly hidden: Attempt<HiddenRows>;
}

interface RoleRow {
  role: string;
  version: string;
  is_standby: boolean;
  is_superuser: boolean;
  bypasses_rls: boolean;
  reads_all_statistics: boolean;
  schemas_without_usage: string[];
  filtered_tables: string[];
  extension_version: string | null;
  is_available: boolean;
  is_preloaded: boolean;
  preloaded_libraries: string | null;
}

/**
 * Reads what a database lets the role see. Catalogs only.
 *
 * @param application a refusal where schema or tenant are not clear: then the tables' rights stay open
 * @throws UnavailableError where the server refuses the question itself.
 */
export async function readServerFacts(
  snapshot: Snapshot,
  shown: string,
  application: Attempt<Application>,
): Promise<ServerFacts> {
  const hidden =
    "value" in application
      ? await attempt(() => readHiddenRows(snapshot, application.value))
      : { problem: `not looked at: ${application.problem}`, hint: application.hint };
  const schemas = "value" in hidden ? hidden.value.schemas : [];
  return { shown, role: await readRole(snapshot, schemas), hidden };
}

async function readRole(snapshot: Snapshot, schemas: readonly string[]): Promise<RoleFacts> {
  try {
    const [row] = await snapshot.query<RoleRow>(readSql("doctor/role"), [schemas]);
    return roleOf(row!);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new UnavailableError(
      `the database's catalogs could not be read: ${error.message}`,
      "try again; --timeout and --statement-timeout give it longer",
    );
  }
}

function roleOf(row: RoleRow): RoleFacts {
  return {
    role: row.role,
    version: row.version,
    isStandby: row.is_standby,
    isSuperuser: row.is_superuser,
    bypassesRls: row.bypasses_rls,
    readsAllStatistics: row.reads_all_statistics,
    schemasWithoutUsage: row.schemas_without_usage,
    filteredTables: row.filtered_tables,
    statements: {
      extensionVersion: row.extension_version,
      isAvailable: row.is_available,
      isPreloaded: row.is_preloaded,
      preloadedLibraries: row.preloaded_libraries,
    },
  };
}
