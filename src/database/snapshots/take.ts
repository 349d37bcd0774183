import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { readSql } from "../../adapters/sql-file.js";
import type { DataSnapshot, TableSnapshot, UnseenTable } from "../../findings/snapshot.js";
import type { Application } from "../application.js";
import { readAudited } from "../audit.js";
import { type Audited, everyTable } from "../audited.js";
import { type AuditedTable, hiddenReason } from "../audited-table.js";
import { isBaseTable } from "../readiness/foreign-keys.js";
import { refusal } from "../refusal.js";
import type { ScanProgress } from "../scans/run.js";
import { ancestorsOf, type TenantSource, tenantSources } from "../tenant-source.js";
import { type Invariant, readInvariants } from "./invariants.js";
import { readTable } from "./read-table.js";
import { type HashedTable, hashedTable } from "./statement.js";
import { requireWriteTimes, type WriteTimes } from "./write-times.js";

export interface SnapshotOptions {
  readonly invariants: readonly Invariant[];
  /** Tenants' ids, and what invariants returned, only as hashes. */
  readonly isBare: boolean;
  /** Writes after a moment are set apart. */
  readonly writes?: (WriteTimes & { readonly after: string }) | undefined;
  /** Tables to read even where the schema has them no more: those of an earlier snapshot. */
  readonly also?: readonly Pick<TableSnapshot, "schema" | "table">[] | undefined;
}

export interface Taken {
  readonly data: DataSnapshot;
  /** Tables and invariants that could not be read, in words. */
  readonly unread: readonly string[];
  /** Time of its statements, in milliseconds. */
  readonly durationMs: number;
}

/**
 * Counts and hashes every table of the application, tenant by tenant, in the snapshot's one moment.
 *
 * @throws UsageError where no table has the columns that tell when a row was written; UnavailableError where the
 *   database has none of the schema's tables.
 */
export async function takeSnapshot(
  snapshot: Snapshot,
  application: Application,
  options: SnapshotOptions,
  progress: ScanProgress = () => {},
): Promise<Taken> {
  // First of all: rows that come in until it is asked are older than it and not in the snapshot.
  const { takenAt } = await momentOf(snapshot);
  const audited = await readAudited(snapshot, application);
  const chosen = hashedTables(audited, options.also ?? []);
  const tables = chosen.map(({ table }) => table);
  requireWriteTimes(tables, options.writes ?? {});
  const total = tables.reduce((sum, { table }) => sum + table.estimatedRows, 0);
  const unseen: UnseenTable[] = [];
  let done = 0;
  let durationMs = 0;
  const read = async (hashed: HashedTable): Promise<TableSnapshot[]> => {
    const { table } = hashed.table;
    let start = performance.now();
    try {
      const hidden = hiddenReason([hashed.table, ...(hashed.source ? ancestorsOf(hashed.source) : [])]);
      if (hidden !== undefined) throw new QueryError(hidden, "hidden");
      const found = await readTable(snapshot, hashed, options, () => {
        start = performance.now();
        progress({ title: table.name, done, total });
      });
      durationMs += performance.now() - start;
      return [found];
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const reason = error.code === "hidden" ? error.message : refusal(error, table);
      unseen.push({ schema: table.schema, table: table.name, reason });
      return [];
    } finally {
      done += table.estimatedRows;
      progress({ title: table.name, done, total });
    }
  };
  const [found, invariants] = await Promise.all([
    Promise.all(chosen.map(read)),
    readInvariants(snapshot, options.invariants, application.defaultSchema, options.isBare),
  ]);
  const { server } = audited.catalog;
  return {
    data: {
      takenAt,
      database: server.database,
      server: server.version,
      tenant: application.context.tenancy.model.name,
      areTenantsHashed: options.isBare,
      tables: found.flat(),
      invariants: invariants.readings,
      unseen,
    },
    unread: [...new Set(unseen.map(({ reason }) => reason)), ...invariants.unseen],
    durationMs,
  };
}

/** The database that a snapshot is of, by its own name, and a moment just after it was taken. */
export async function momentOf(snapshot: Snapshot): Promise<{ database: string; takenAt: string }> {
  const [row] = await snapshot.query<{ database: string; taken_at: string }>(
    readSql("database/snapshot-time"),
  );
  return { database: row!.database, takenAt: row!.taken_at };
}

/** Every table of the application with rows of its own, and those asked for besides, the largest first. */
function hashedTables(audited: Audited, also: NonNullable<SnapshotOptions["also"]>): HashedTable[] {
  const sources = tenantSources(audited);
  const known = new Set(audited.tables);
  const isAsked = ({ table }: AuditedTable) =>
    also.some(({ schema, table: name }) => table.schema === schema && table.name === name);
  return everyTable(audited)
    .filter((table) => isBaseTable(table) && (known.has(table) || isAsked(table)))
    .map((table) => hashedTable(table, sourceOf(audited, table, sources)))
    .sort((left, right) => right.table.table.estimatedRows - left.table.table.estimatedRows);
}

function sourceOf(
  { tenantKey }: Audited,
  table: AuditedTable,
  sources: ReadonlyMap<string, TenantSource>,
): TenantSource | undefined {
  return table.isTenant && tenantKey ? { hops: [], column: tenantKey.name } : sources.get(table.table.id);
}
