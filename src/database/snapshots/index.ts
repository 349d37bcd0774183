import type { CheckOutcome } from "../../findings/check.js";
import type { DataSnapshot, TableComparison } from "../../findings/snapshot.js";
import { compareSnapshots } from "./compare.js";
import type { Invariant } from "./invariants.js";
import { judgeInvariants, judgeTables } from "./judge.js";
import { hashedTenant, type Taken } from "./take.js";

/** The check, before it has run. */
export const integrityCheck = { id: "integrity", title: "Data since the snapshot" } as const;

/**
 * What became of the data between two snapshots.
 *
 * @param later its `unseen` are tables that could not be read this time
 * @param from the first one's file, for the report
 */
export function checkIntegrity(
  before: DataSnapshot,
  later: Taken,
  invariants: readonly Invariant[],
  from: string,
): CheckOutcome {
  const { data, unseen, durationMs } = later;
  const was = before.areTenantsHashed || !data.areTenantsHashed ? before : bare(before);
  const is = before.areTenantsHashed && !data.areTenantsHashed ? bare(data) : data;
  const tables = compareSnapshots(was, is).filter(({ schema, table }) => !isUnread(unseen, schema, table));
  const answers = judgeInvariants(invariants, before.invariants, data.invariants);
  const doubts = [...unseen, ...answers.unseen, ...tables.flatMap(doubtsOf)];
  return {
    ...integrityCheck,
    drafts: [...judgeTables(tables, before), ...answers.drafts],
    obstacle: doubts.length
      ? { status: unseen.length ? "error" : "inconclusive", reason: shortList(doubts) }
      : undefined,
    durationMs,
    facts: {
      database: data.database,
      server: data.server,
      snapshot: from,
      takenAt: before.takenAt,
      comparedAt: data.takenAt,
      invariants: invariants.map(({ name }) => name),
      integrity: tables,
    },
  };
}

/** Where the answer is not whole: it is said, and is no pass. */
function doubtsOf(table: TableComparison): string[] {
  const name = `${table.schema}.${table.table}`;
  if (table.state === "not comparable")
    return [
      `${name}: its rows were told apart by tenant in one of the two only; numbers alone were compared`,
    ];
  const { written, tenantsNotCompared: others } = table;
  const isExcused = written > 0 && table.lost === 0 && table.added === 0 && table.moved === 0;
  return isExcused && others > 0
    ? [
        `${name}: values of ${others} ${others === 1 ? "tenant" : "tenants"} could not be compared, for some of their rows were written since`,
      ]
    : [];
}

function isUnread(unseen: readonly string[], schema: string, table: string): boolean {
  return unseen.some((reason) => reason.startsWith(`${schema}.${table}:`));
}

function bare(snapshot: DataSnapshot): DataSnapshot {
  return {
    ...snapshot,
    areTenantsHashed: true,
    tables: snapshot.tables.map((table) => ({
      ...table,
      groups: table.groups.map((group) => ({
        ...group,
        tenant: group.tenant === null ? null : hashedTenant(group.tenant),
      })),
    })),
  };
}

function shortList(reasons: readonly string[]): string {
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : "";
  return reasons.slice(0, 3).join("; ") + more;
}
