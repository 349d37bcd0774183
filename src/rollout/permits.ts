import type { History } from "./replay.js";
import type { Entry, Phase } from "./types.js";

/** Whether a release was marked as bad, and not as good again since. It is not rolled out. */
export function isBad({ marks }: History, digest: string): boolean {
  return marks.get(digest)?.mark === "bad";
}

/** Why a phase may not begin, or the entry that lets it. */
export type Permit = { readonly entry: Entry } | { readonly reason: string };

/** Whether a gate has passed on exactly this release, and still counts. Its last result decides. */
export function gateFor(history: History, name: string, digest: string, now: Date): Permit {
  const entry = history.gates.findLast((each) => each.gate?.name === name && each.release?.digest === digest);
  if (!entry) {
    const isOfAnother = history.gates.some((each) => each.gate?.name === name);
    return { reason: `${name} has not run on this release${isOfAnother ? " (it has on another)" : ""}` };
  }
  if (entry.gate?.verdict !== "pass") return { reason: `${name} ended with ${entry.gate?.verdict}` };
  return unexpired(history, entry, now, name);
}

/** Whether a person has approved a phase of exactly this release, and the approval still counts. */
export function approvalFor(history: History, phase: Phase, digest: string, now: Date): Permit {
  const entry = history.approvals.findLast((each) => each.phase === phase && each.release?.digest === digest);
  if (!entry) return { reason: `nobody has approved ${phase} of this release` };
  if (entry.result === "aborted") return { reason: `${entry.actor} has taken back the approval of ${phase}` };
  return unexpired(history, entry, now, `the approval by ${entry.actor}`);
}

function unexpired({ lastAt }: History, entry: Entry, now: Date, what: string): Permit {
  // A clock that was set back must not bring to life what had expired.
  const time = Math.max(now.getTime(), Date.parse(lastAt) || 0);
  if (entry.expires === undefined || Date.parse(entry.expires) > time) return { entry };
  return { reason: `${what} has expired on ${entry.expires}` };
}
