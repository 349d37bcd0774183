import type { ListedStatement, SlowQueriesReading, Standing } from "../findings/slow-queries.js";
import type { ActivityTable } from "./activity.js";
import { percent } from "./distribution.js";
import { age, count, duration, grouped, visible } from "./words.js";

const standings: Readonly<Record<Standing, string>> = {
  tenant: "yes",
  policy: "by policy",
  unknown: "unknown",
  without: "no",
  unscoped: "–",
  unread: "–",
};

/** The statements in their order, and on what they rest. */
export function slowQueryTables(reading: SlowQueriesReading): ActivityTable[] {
  const { statements, order, matching } = reading;
  const more = matching - statements.length;
  return [
    {
      title: `Statements by ${orders[order]}`,
      head: ["#", "Total", "Share", "Calls", "Mean", "Rows", "Tenant"],
      rows: statements.map((each, index) => [
        String(index + 1),
        time(each.totalMs),
        percent(each.share),
        grouped(each.calls),
        time(each.meanMs),
        grouped(each.rows),
        standings[each.standing],
      ]),
      texts: statements.map((each, index) => ({
        label: String(index + 1),
        text: visible(each.query ?? `query ${each.queryId}`),
        note: visible(noteOf(each)),
      })),
      remarks: [...(more > 0 ? [`${count(more, "more statement")}: --limit`] : []), ...remarksOf(reading)],
      lines: [],
    },
  ];
}

const orders = { total: "total time", mean: "mean time", calls: "calls", rows: "rows" } as const;

function noteOf({ queryId, roles, why, standing }: ListedStatement): string {
  const reason = why === null ? "" : standing === "without" ? `; no tenant: ${why}` : `; ${why}`;
  return `query ${queryId}, role ${roles.join(", ")}${reason}`;
}

function remarksOf({ statistics, totals, standings: numbers }: SlowQueriesReading): string[] {
  const { ageSeconds, since, evicted } = statistics;
  const from =
    since === null || ageSeconds === null
      ? "since when the server does not say"
      : `in ${age(ageSeconds)}, since ${since.replace("T", " ").slice(0, 16)} UTC`;
  const scoped = numbers.tenant + numbers.policy + numbers.unknown + numbers.without;
  return [
    `${count(totals.statements, "statement")}, ${count(totals.calls, "call")}, ${time(totals.totalMs)} ${from}`,
    `${count(scoped, "statement")} of tenants' tables: ${numbers.tenant} with the tenant, ${numbers.policy} by policy, ${numbers.unknown} unknown, ${numbers.without} without`,
    ...(ageSeconds !== null && ageSeconds < youngSeconds
      ? ["the statistics are young: what runs once a day may not be among them yet"]
      : []),
    ...(evicted
      ? [`the server dropped entries ${count(evicted, "time")} for want of room: pg_stat_statements.max`]
      : []),
    ...(totals.hidden
      ? [`${count(totals.hidden, "statement")} of other roles (${time(totals.hiddenMs)}) can't be seen`]
      : []),
    ...(totals.lost ? [`the server lost the text of ${count(totals.lost, "statement")}`] : []),
    ...(totals.own ? [`${count(totals.own, "statement")} of tenantctl's own left out`] : []),
  ];
}

/** A day, in seconds. */
const youngSeconds = 86_400;

/** Short times keep their digits: `0.04 ms`. */
function time(milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : duration(milliseconds);
}
