import type { StatementStatistics } from "../statements/statistics.js";

/** One statement, whichever roles ran it. Times are in milliseconds. */
export interface Statement {
  readonly queryId: string;
  readonly text: string;
  /** The text without comments, for people; a very long one is cut. */
  readonly shown: string;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly calls: number;
  readonly rows: number;
  readonly totalMs: number;
  readonly meanMs: number;
}

export type StatementOrder = "total" | "mean" | "calls" | "rows";

/** What is asked of pg_stat_statements. */
export interface SlowQueryOptions {
  readonly order: StatementOrder;
  /** Statements to list. */
  readonly limit: number;
  /** Leave out those with fewer calls; undefined is 1 for the list and 10 for findings. */
  readonly minCalls: number | undefined;
  /** A piece of the text, as the plan's `LIKE '%…%'`. */
  readonly match: string | undefined;
  /** Only those that name a scoped table. */
  readonly isScoped: boolean;
  /** Only those that these roles ran. */
  readonly roles: readonly string[];
}

/** The statistics of one statement together: those of several roles, of clients and of functions. */
export function combine(statistics: readonly StatementStatistics[]): Statement[] {
  const byId = new Map<string, StatementStatistics[]>();
  for (const each of statistics) byId.set(each.queryId, [...(byId.get(each.queryId) ?? []), each]);
  return [...byId.values()].map((all) => {
    const sum = (of: (each: StatementStatistics) => number) =>
      all.reduce((total, each) => total + of(each), 0);
    const calls = sum((each) => each.calls);
    const totalMs = sum((each) => each.totalMs);
    return {
      queryId: all[0]!.queryId,
      text: all[0]!.text,
      shown: withoutComments(all[0]!.text),
      roles: [...new Map(all.map(({ roleId, role }) => [roleId, { id: roleId, name: role }])).values()],
      calls,
      rows: sum((each) => each.rows),
      totalMs,
      meanMs: calls > 0 ? totalMs / calls : 0,
    };
  });
}

const orders: Readonly<Record<StatementOrder, (statement: Statement) => number>> = {
  total: ({ totalMs }) => totalMs,
  mean: ({ meanMs }) => meanMs,
  calls: ({ calls }) => calls,
  rows: ({ rows }) => rows,
};

/** Largest first. */
export function byOrder(order: StatementOrder): (left: Statement, right: Statement) => number {
  const of = orders[order];
  return (left, right) => of(right) - of(left) || (left.queryId < right.queryId ? -1 : 1);
}

/** Characters: no more is shown of a statement. */
const longestShown = 10_000;

/** Literals, quoted names, dollar quotes and comments: what stands in a comment is none of the others. */
const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|\/\*[\s\S]*?(?:\*\/|$)|--[^\n]*/g;

/** The text on one line without its comments: those of an ORM's tracing may hold a tenant's id. */
export function withoutComments(text: string): string {
  const bare = text
    .slice(0, longestShown)
    .replace(pieces, (piece) => (/^(?:\/\*|--)/.test(piece) ? " " : piece));
  const end = text.length > longestShown ? " …" : "";
  return `${bare.replace(/\s+/g, " ").trim()}${end}`;
}
