import type { FindingDraft } from "../../findings/finding.js";
import type { InvariantReading } from "../../findings/snapshot.js";
import type { Invariant } from "./invariants.js";
import { rowsOf } from "./judge.js";

const mostRows = 10;

/** Answers that must be empty, and answers that must be what they were. */
export function judgeInvariants(
  invariants: readonly Invariant[],
  before: readonly InvariantReading[],
  now: readonly InvariantReading[],
): { drafts: FindingDraft[]; unseen: string[] } {
  const drafts: FindingDraft[] = [];
  const unseen: string[] = [];
  for (const { name, expect } of invariants) {
    const is = now.find((reading) => reading.name === name)?.rows;
    const was = before.find((reading) => reading.name === name)?.rows;
    // One that could not be read is told by the reading.
    if (is === undefined) continue;
    if (expect === "no rows") {
      if (is.length > 0) drafts.push(broken(name, `${rowsOf(is.length)} where there must be none`, is));
      continue;
    }
    if (was === undefined) {
      unseen.push(`invariant ${name}: the first snapshot does not have it`);
      continue;
    }
    const gone = surplus(was, is);
    const come = surplus(is, was);
    if (gone.length + come.length === 0) continue;
    drafts.push(
      broken(name, `${gone.length} rows of its answer are not there any more, ${come.length} are new`, [
        ...gone.map((row) => `before: ${row}`),
        ...come.map((row) => `now: ${row}`),
      ]),
    );
  }
  return { drafts, unseen };
}

/** Rows that one has and the other has not, or has fewer of. */
function surplus(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const number = left.get(row) ?? 0;
    left.set(row, number - 1);
    return number <= 0;
  });
}

function broken(name: string, what: string, sample: readonly string[]): FindingDraft {
  return {
    rule: "db/invariant-broken",
    subject: { constraint: name },
    message: `invariant ${name}: ${what}`,
    remedy: "See database.invariants in config for the question; --verbose shows the rows that differ",
    evidence: { rows: sample.length, sample: sample.slice(0, mostRows) },
  };
}
