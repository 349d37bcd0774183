import type { CheckOutcome } from "../findings/check.js";
import type { FindingDraft } from "../findings/finding.js";
import type { Reading } from "./journal/store.js";
import type { History, RolloutState } from "./replay.js";
import type { Entry } from "./types.js";

/** What `rollout history` reports. */
export interface HistoryFacts {
  readonly journal: string;
  readonly entries: number;
  /** Merkle root over the entries. */
  readonly root: string;
  readonly strays: number;
  readonly isCut: boolean;
  readonly rollouts: readonly RolloutSummary[];
  /** Of the rollout that was asked for. */
  readonly ofRollout?: readonly Entry[];
}

export interface RolloutSummary
  extends Pick<RolloutState, "rollout" | "release" | "actor" | "startedAt" | "endedAt" | "phase"> {
  /** How it ended; `open` where it has not. */
  readonly result: RolloutState["result"] | "open";
  /** Intents without an outcome. */
  readonly unanswered: number;
}

/** The journal as a check: one finding where it is not what was written. */
export function historyCheck(
  place: string,
  reading: Reading,
  history: History,
  rollout?: string,
): CheckOutcome & { readonly facts: HistoryFacts & Record<string, unknown> } {
  const { entries, root, strays, isCut } = reading;
  const asked = rollout === undefined ? undefined : entries.filter((entry) => entry.rollout === rollout);
  return {
    ...{ id: "rollout", title: "Journal of rollouts", durationMs: 0 },
    drafts: changeFindings(place, reading),
    facts: {
      ...{ journal: place, entries: entries.length, root, strays, isCut },
      rollouts: history.rollouts.map(summaryOf),
      ...(asked ? { ofRollout: asked } : {}),
    },
  };
}

function summaryOf({ open, result, ...state }: RolloutState): RolloutSummary {
  const { rollout, release, actor, startedAt, endedAt, phase } = state;
  return {
    ...{ rollout, actor, startedAt, result: result ?? "open", unanswered: open.length },
    ...(release ? { release } : {}),
    ...(endedAt ? { endedAt } : {}),
    ...(phase ? { phase } : {}),
  };
}

/** `rollout/changed-journal`, where the journal is not what was written. */
export function changeFindings(place: string, { change, entries }: Reading): FindingDraft[] {
  if (!change) return [];
  return [
    {
      rule: "rollout/changed-journal",
      subject: {},
      message: `${change.reason}. Of the entries before it, all ${entries.length} are as they were written`,
      remedy: "Keep a copy of it, find out who changed it, and bring back a copy that fits its root.",
      evidence: { journal: place, sequence: change.sequence },
    },
  ];
}
