import type { Snapshot } from "../../adapters/postgres/snapshot.js";
import { readSql } from "../../adapters/sql-file.js";
import { readStatements, type StatementStatistics } from "../../database/index.js";
import type { LeftOut } from "./foreign-keys.js";
import type { CostlyQuery } from "./types.js";

/** Statements that are looked at, the costliest. */
const mostStatements = 200;

export interface CostlyQueries {
  /** Undefined where none could be read. */
  readonly queries: readonly CostlyQuery[] | undefined;
  readonly leftOut: readonly LeftOut[];
}

export interface Extension {
  readonly name: string;
  readonly schema: string;
}

/** HypoPG, where it is created. */
export async function readHypopg(snapshot: Snapshot): Promise<Extension | undefined> {
  const [row] = await snapshot.query<Extension & Record<string, unknown>>(readSql("indexes/extension"), [
    "hypopg",
  ]);
  return row;
}

/** The costliest statements of the database, by their texts. */
export async function readCostlyQueries(snapshot: Snapshot): Promise<CostlyQueries> {
  const reading = await readStatements(snapshot);
  const what = "indexes for costly statements";
  if ("reason" in reading)
    return { queries: undefined, leftOut: [{ what, why: `${reading.reason}: tenantctl doctor says how` }] };
  const hidden = reading.hidden.statements;
  return {
    queries: byText(reading.statements).slice(0, mostStatements),
    leftOut:
      hidden > 0
        ? [
            {
              what: `${hidden} statements of other roles`,
              why: `GRANT pg_read_all_stats to ${reading.role} shows them`,
            },
          ]
        : [],
  };
}

/** Each text once, all roles together, the costliest first. */
function byText(statements: readonly StatementStatistics[]): CostlyQuery[] {
  const queries = new Map<string, CostlyQuery>();
  for (const { text, calls, totalMs } of statements) {
    const known = queries.get(text) ?? { text, calls: 0, totalMs: 0 };
    queries.set(text, { text, calls: known.calls + calls, totalMs: known.totalMs + totalMs });
  }
  return [...queries.values()].sort((left, right) => right.totalMs - left.totalMs);
}
