import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { fillSql, quoteIdentifier, readSql } from "../../adapters/sql-file.js";
import { type StatementFacts, statementCommands } from "./install.js";

/** What the server has counted of one statement, run by one role. Times are in milliseconds. */
export interface StatementStatistics {
  readonly queryId: string;
  readonly roleId: string;
  readonly role: string;
  /** With `$1` for values; of a utility statement as it was sent. */
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
  readonly totalMs: number;
  readonly meanMs: number;
  /** A client sent it; else a function or a foreign key did. */
  readonly isTopLevel: boolean;
}

/** A reading of pg_stat_statements for this database. */
export interface StatementReading {
  readonly statements: readonly StatementStatistics[];
  /** Other roles' statements, which this role may not see: how many, and their time together. */
  readonly hidden: { readonly statements: number; readonly totalMs: number };
  /** Statements whose texts the server has lost. */
  readonly lost: number;
  /** Since when it counts, and for how long; undefined where this server does not say (before PostgreSQL 14). */
  readonly since: Date | undefined;
  readonly ageSeconds: number | undefined;
  /** Statements that it dropped for want of room. */
  readonly evicted: number | undefined;
  /** `none`: it counts nothing. */
  readonly track: string | null;
  readonly extensionVersion: string;
  readonly role: string;
}

/** Why it can't be read, and the commands that mend that, each runnable alone, in order. */
export interface NoStatements {
  readonly reason: string;
  readonly remedySteps: readonly string[];
}

interface AccessRow {
  role: string;
  database: string;
  extension_version: string | null;
  schema: string | null;
  may_use_schema: boolean;
  columns: string[] | null;
  has_info: boolean;
  reads_all: boolean;
  is_available: boolean;
  is_preloaded: boolean;
  preloaded_libraries: string | null;
  track: string | null;
  query_ids: string | null;
}

interface StatementRow {
  query_id: string | null;
  role_id: string;
  role: string;
  text: string | null;
  calls: number;
  rows: number;
  total_ms: number;
  mean_ms: number;
  is_top_level: boolean;
}

interface ResetRow {
  since: Date | null;
  age_seconds: number | null;
  evicted: number;
}

/**
 * Reads what pg_stat_statements has on this database, all roles' statements that this role may see.
 *
 * @throws QueryError where the catalogs can't be read.
 */
export async function readStatements(snapshot: Snapshot): Promise<StatementReading | NoStatements> {
  const [access] = await snapshot.query<AccessRow & Record<string, unknown>>(
    readSql("database/statement-access"),
  );
  const obstacle = obstacleOf(access!);
  if (obstacle) return obstacle;
  try {
    return await read(snapshot, access!);
  } catch (error) {
    // 55000: not preloaded. 42501: no right on the view.
    if (!(error instanceof QueryError) || !["42501", "55000"].includes(error.code ?? "")) throw error;
    const view = `${quoteIdentifier(access!.schema!)}.pg_stat_statements`;
    return {
      reason: `pg_stat_statements can't be read: ${error.message}`,
      remedySteps:
        error.code === "42501"
          ? [`GRANT SELECT ON ${view}, ${view}_info TO ${quoteIdentifier(access!.role)};`]
          : statementCommands(factsOf(access!)),
    };
  }
}

function obstacleOf(access: AccessRow): NoStatements | undefined {
  const { database, extension_version, is_preloaded, may_use_schema, role, schema } = access;
  const missing = [
    ...(is_preloaded ? [] : ["the server does not preload it"]),
    ...(extension_version === null ? [`it is not created in the database ${database}`] : []),
  ];
  if (missing.length > 0) {
    const reason = `pg_stat_statements counts no statements: ${missing.join(", and ")}`;
    return { reason, remedySteps: statementCommands(factsOf(access)) };
  }
  if (may_use_schema) return undefined;
  return {
    reason: `pg_stat_statements is in the schema ${schema}, which role ${role} may not use`,
    remedySteps: [`GRANT USAGE ON SCHEMA ${quoteIdentifier(schema!)} TO ${quoteIdentifier(role)};`],
  };
}

function factsOf(access: AccessRow): StatementFacts {
  return {
    extensionVersion: access.extension_version,
    isAvailable: access.is_available,
    isPreloaded: access.is_preloaded,
    preloadedLibraries: access.preloaded_libraries,
  };
}

async function read(snapshot: Snapshot, access: AccessRow): Promise<StatementReading> {
  const columns = access.columns ?? [];
  // The extension's own version decides: pg_upgrade leaves an old one as it was.
  const times = columns.includes("total_exec_time")
    ? { total: "total_exec_time", mean: "mean_exec_time" }
    : { total: "total_time", mean: "mean_time" };
  const view = `${quoteIdentifier(access.schema!)}.pg_stat_statements`;
  const toplevel = columns.includes("toplevel") ? "s.toplevel" : "true";
  const rows = await snapshot.query<StatementRow & Record<string, unknown>>(
    fillSql(readSql("database/statements"), { fragments: { ...times, statements: view, toplevel } }),
  );
  const [reset] = access.has_info
    ? await snapshot.query<ResetRow & Record<string, unknown>>(
        fillSql(readSql("database/statement-reset"), { fragments: { info: `${view}_info` } }),
      )
    : [];
  const hidden = rows.filter(isHidden);
  return {
    statements: rows.flatMap(toStatistics),
    hidden: {
      statements: hidden.length,
      totalMs: hidden.reduce((sum, row) => sum + row.total_ms, 0),
    },
    lost: rows.filter((row) => row.text === null && !isHidden(row)).length,
    since: reset?.since ?? undefined,
    ageSeconds: reset?.age_seconds ?? undefined,
    evicted: reset?.evicted,
    track: access.query_ids === "off" ? "none" : access.track,
    extensionVersion: access.extension_version!,
    role: access.role,
  };
}

/** The server keeps a statement's id back where it keeps its text back. */
function isHidden({ query_id }: StatementRow): boolean {
  return query_id === null;
}

function toStatistics(row: StatementRow): StatementStatistics[] {
  if (row.query_id === null || row.text === null) return [];
  return [
    {
      queryId: row.query_id,
      roleId: row.role_id,
      role: row.role,
      text: row.text,
      calls: row.calls,
      rows: row.rows,
      totalMs: row.total_ms,
      meanMs: row.mean_ms,
      isTopLevel: row.is_top_level,
    },
  ];
}
