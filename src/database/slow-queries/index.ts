import { ownMark, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { readSql } from "../../adapters/sql-file.js";
import { loadSqlParser, type SqlParser } from "../../adapters/sql-parser.js";
import type { CheckOutcome, Obstacle } from "../../findings/check.js";
import type { SlowQueriesReading, Standing } from "../../findings/slow-queries.js";
import type { Application } from "../application.js";
import { readAudited } from "../audit.js";
import type { Audited } from "../audited.js";
import { shapeOf } from "../statements/read-shape.js";
import { readStatements, type StatementReading } from "../statements/statistics.js";
import { tablesByName } from "../statements/tables.js";
import { queriesWithoutTenant } from "./findings.js";
import { judgeShape } from "./judge.js";
import { knowledgeOf } from "./knowledge.js";
import { type JudgedStatement, standingOf } from "./standing.js";
import { byOrder, combine, type SlowQueryOptions, type Statement } from "./statements.js";

/** The check, before it has run. */
export const slowQueriesCheck = { id: "slow-queries", title: "Slow queries" } as const;

/**
 * What pg_stat_statements has on this database, by time, and which of its statements read tenants' rows without
 * naming the tenant.
 *
 * @throws UnavailableError where the database has none of the schema's tables.
 */
export async function auditSlowQueries(
  snapshot: Snapshot,
  application: Application,
  options: SlowQueryOptions,
): Promise<CheckOutcome> {
  const audited = await readAudited(snapshot, application);
  const { database, version } = audited.catalog.server;
  const start = performance.now();
  const reading = await readStatements(snapshot);
  const durationMs = performance.now() - start;
  const common = { ...slowQueriesCheck, durationMs };
  if ("reason" in reading) {
    const { reason, remedySteps } = reading;
    const commands = remedySteps.length ? `; as a superuser: ${remedySteps.join(" ")}` : "";
    return {
      ...common,
      drafts: [],
      obstacle: { status: "inconclusive", reason: `${reason}${commands}` },
      facts: { database, server: version, remedySteps },
    };
  }
  const parser = await loadSqlParser();
  const judged = await judgeAll(snapshot, audited, reading, parser, options);
  const matching = judged.filter(
    ({ statement, standing }) =>
      statement.calls >= (options.minCalls ?? 1) &&
      (!options.isScoped || !["unscoped", "unread"].includes(standing)) &&
      (options.match === undefined || statement.text.includes(options.match)),
  );
  return {
    ...common,
    drafts: queriesWithoutTenant(matching, parser, options, totalOf(reading)),
    obstacle: obstacleOf(reading),
    facts: {
      database,
      server: version,
      ...factsOf(reading, judged, matching, options),
    },
  };
}

async function judgeAll(
  snapshot: Snapshot,
  audited: Audited,
  { statements }: StatementReading,
  parser: SqlParser,
  { roles }: SlowQueryOptions,
): Promise<JudgedStatement[]> {
  const theirs = statements.filter(
    ({ text, role }) => !text.includes(ownMark) && (roles.length === 0 || roles.includes(role)),
  );
  const filtered = await readFiltered(
    snapshot,
    audited,
    theirs.map(({ roleId }) => roleId),
  );
  const knowledge = knowledgeOf(audited);
  const findTable = tablesByName(audited.catalog, audited.application.defaultSchema);
  return combine(theirs).map((statement) => {
    const shape = shapeOf(parser, statement.text, findTable);
    return standingOf(statement, shape && judgeShape(shape, knowledge), filtered);
  });
}

/** Tells tables whose rows a policy filters for a role. */
async function readFiltered(
  snapshot: Snapshot,
  { tables }: Audited,
  roles: readonly string[],
): Promise<(table: string, role: string) => boolean> {
  const rows = await snapshot.query<{ table_id: string; role_id: string }>(readSql("database/row-security"), [
    tables.map(({ table }) => table.id),
    [...new Set(roles)],
  ]);
  const pairs = new Set(rows.map(({ table_id, role_id }) => `${table_id} ${role_id}`));
  return (table, role) => pairs.has(`${table} ${role}`);
}

/** What was not seen is not passed. */
function obstacleOf({ statements, hidden, track, role }: StatementReading): Obstacle | undefined {
  const unseen = (reason: string): Obstacle => ({ status: "inconclusive", reason });
  if (track === "none")
    return unseen(
      "the server counts no statements: as a superuser ALTER SYSTEM SET pg_stat_statements.track = 'top'; ALTER SYSTEM SET compute_query_id = 'auto'; SELECT pg_reload_conf();",
    );
  if (hidden.statements > 0)
    return unseen(
      `${hidden.statements} statements of other roles are hidden from ${role}: GRANT pg_read_all_stats TO "${role.replaceAll('"', '""')}";`,
    );
  return statements.length === 0 ? unseen("no statement is counted yet on this database") : undefined;
}

function totalOf({ statements, hidden }: StatementReading): number {
  return statements.reduce((sum, { totalMs }) => sum + totalMs, hidden.totalMs);
}

function factsOf(
  reading: StatementReading,
  judged: readonly JudgedStatement[],
  matching: readonly JudgedStatement[],
  { order, limit }: SlowQueryOptions,
): SlowQueriesReading & Record<string, unknown> {
  const { statements, hidden } = reading;
  const total = totalOf(reading);
  const standings: Record<Standing, number> = {
    ...{ tenant: 0, policy: 0, unknown: 0, without: 0, unscoped: 0, unread: 0 },
  };
  for (const { standing } of judged) standings[standing] += 1;
  const compare = byOrder(order);
  const listed = [...matching]
    .sort((left, right) => compare(left.statement, right.statement))
    .slice(0, limit);
  return {
    statistics: {
      since: reading.since?.toISOString() ?? null,
      ageSeconds: reading.ageSeconds === undefined ? null : Math.round(reading.ageSeconds),
      evicted: reading.evicted ?? null,
      extension: reading.extensionVersion,
      role: reading.role,
    },
    totals: {
      statements: statements.length,
      calls: statements.reduce((sum, { calls }) => sum + calls, 0),
      totalMs: rounded(total),
      hidden: hidden.statements,
      hiddenMs: rounded(hidden.totalMs),
      lost: reading.lost,
      own: statements.filter(({ text }) => text.includes(ownMark)).length,
    },
    order,
    standings,
    matching: matching.length,
    statements: listed.map(({ statement, standing, tables, why }) => ({
      ...figuresOf(statement, total),
      standing,
      tables: tables.map(({ table: { table } }) => `${table.schema}.${table.name}`),
      why,
      query: statement.shown,
    })),
  };
}

function figuresOf({ queryId, roles, calls, rows, totalMs, meanMs }: Statement, total: number) {
  return {
    queryId,
    roles: roles.map(({ name }) => name),
    calls,
    totalMs: rounded(totalMs),
    meanMs: rounded(meanMs),
    share: total > 0 ? totalMs / total : 0,
    rows,
  };
}

/** To a microsecond, as the server measures. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
