import type { CheckOutcome } from "../../findings/check.js";
import type { DataSnapshot } from "../../findings/snapshot.js";
import { bareSnapshot } from "./bare.js";
import { compareSnapshots } from "./compare.js";
import { doubtsOf, readable } from "./doubts.js";
import type { Invariant } from "./invariants.js";
import { judgeTables } from "./judge.js";
import { judgeInvariants } from "./judge-invariants.js";
import type { Taken } from "./take.js";

/** The check, before it has run. */
export const integrityCheck = { id: "integrity", title: "Data since the snapshot" } as const;

/**
 * What became of the data between two snapshots.
 *
 * @param later what it could not read makes the check an error
 * @param from the first one's file, for the report
 */
export function checkIntegrity(
  before: DataSnapshot,
  later: Taken,
  invariants: readonly Invariant[],
  from: string,
): CheckOutcome {
  const { data, unread, durationMs } = later;
  const isBare = before.areTenantsHashed || data.areTenantsHashed;
  const was = isBare ? bareSnapshot(before) : before;
  const is = isBare ? bareSnapshot(data) : data;
  const tables = readable(compareSnapshots(was, is), was.unseen, is.unseen);
  const answers = judgeInvariants(invariants, was.invariants, is.invariants);
  const doubts = [...unread, ...answers.unseen, ...doubtsOf(was, tables)];
  return {
    ...integrityCheck,
    drafts: [...judgeTables(tables, before), ...answers.drafts],
    obstacle: doubts.length
      ? { status: unread.length ? "error" : "inconclusive", reason: shortList(doubts) }
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

function shortList(reasons: readonly string[]): string {
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : "";
  return reasons.slice(0, 3).join("; ") + more;
}
