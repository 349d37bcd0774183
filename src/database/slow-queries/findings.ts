import type { SqlParser } from "../../adapters/sql-parser.js";
import type { FindingDraft } from "../../findings/finding.js";
import { grouped } from "../../findings/numbers.js";
import { tableSubject } from "../audited-table.js";
import type { JudgedTable } from "./judge.js";
import type { JudgedStatement } from "./standing.js";
import type { SlowQueryOptions } from "./statements.js";

/** A migration, or a person at a prompt, runs a statement once or twice; an application runs it again and again. */
const usualCalls = 10;

interface Group {
  readonly table: JudgedTable;
  readonly statement: string;
  readonly all: JudgedStatement[];
}

/**
 * `db/query-without-tenant`: statements that read or change a scoped table's rows whosever they are. Statements
 * that differ in the length of a list only are one.
 */
export function queriesWithoutTenant(
  judged: readonly JudgedStatement[],
  parser: SqlParser,
  { minCalls = usualCalls }: SlowQueryOptions,
  totalMs: number,
): FindingDraft[] {
  const groups = new Map<string, Group>();
  for (const each of judged) {
    if (each.without.length === 0) continue;
    const { text, queryId } = each.statement;
    const statement = parser.fingerprint(text) ?? queryId;
    for (const table of each.without) {
      const key = `${table.table.table.id} ${statement}`;
      const group = groups.get(key) ?? { table, statement, all: [] };
      groups.set(key, group);
      group.all.push(each);
    }
  }
  return [...groups.values()]
    .filter(({ all }) => sum(all, ({ calls }) => calls) >= minCalls)
    .map((group) => draftOf(group, totalMs));
}

function draftOf({ table: judged, statement, all }: Group, totalMs: number): FindingDraft {
  const { table, tenantColumn } = judged.table;
  const calls = sum(all, (each) => each.calls);
  const time = sum(all, (each) => each.totalMs);
  const share = totalMs > 0 ? time / totalMs : 0;
  const verb = judged.isChanged ? "changes" : "reads";
  const how = judged.isEscaped
    ? `an OR goes round its tenant column ${tenantColumn!.name}`
    : `its tenant column ${tenantColumn!.name} is not compared with anything`;
  return {
    rule: "db/query-without-tenant",
    subject: { ...tableSubject(judged.table), column: tenantColumn!.name, statement },
    message: `a statement ${verb} rows of ${table.schema}.${table.name} whosever they are: ${how} (${grouped(calls)} calls, ${(share * 100).toFixed(1)} % of the time, query ${all[0]!.statement.queryId}, statement ${statement})`,
    remedy:
      "let the guard add the tenant to it, or compare the tenant column in the statement; where it is meant to read all tenants' rows (a job, a report), suppress it with the reason",
    evidence: {
      queryIds: all.map((each) => each.statement.queryId),
      roles: [...new Set(all.flatMap((each) => each.statement.roles.map(({ name }) => name)))],
      calls,
      totalMs: Math.round(time * 1000) / 1000,
      returnedRows: sum(all, (each) => each.rows),
      query: all[0]!.statement.shown,
    },
  };
}

function sum(all: readonly JudgedStatement[], of: (statement: JudgedStatement["statement"]) => number) {
  return all.reduce((total, { statement }) => total + of(statement), 0);
}
