import type { CheckOutcome, Obstacle } from "../findings/check.js";
import type { FindingDraft } from "../findings/finding.js";
import { changeFindings } from "./history-check.js";
import type { Reading } from "./journal/store.js";
import { describeHolder } from "./lock/errors.js";
import type { LockRecord } from "./lock/store.js";
import type { History, KnownHost, PhaseProgress, RolloutState } from "./replay.js";
import { type PhaseTime, timesOf } from "./timeline.js";

/** A lock that is held. */
export type Holder = LockRecord & { readonly isGone: boolean };

export interface StatusInput {
  readonly place: string;
  readonly reading: Reading;
  readonly history: History;
  readonly holder: Holder | undefined;
}

/** What `rollout status` reports. */
export interface StatusFacts {
  readonly journal: string;
  readonly rollout?: RolloutState;
  readonly progress: readonly (PhaseProgress & PhaseTime)[];
  /** As the journal saw them last. */
  readonly hosts: readonly KnownHost[];
  readonly lock?: Holder;
}

/** The last rollout as a check. It says nothing of what hosts serve now: only they can. */
export function statusCheck(
  { place, reading, history, holder }: StatusInput,
  now: Date,
): CheckOutcome & { readonly facts: StatusFacts & Record<string, unknown> } {
  const rollout = history.rollouts.at(-1);
  const times = rollout ? timesOf(rollout, now) : [];
  const obstacle = obstacleOf(rollout, holder);
  return {
    ...{ id: "rollout", title: "Last rollout", durationMs: 0 },
    drafts: [...changeFindings(place, reading), ...(rollout ? endFindings(rollout) : [])],
    ...(obstacle ? { obstacle } : {}),
    facts: {
      journal: place,
      ...(rollout ? { rollout } : {}),
      progress: (rollout?.phases ?? []).map((phase, index) => ({ ...phase, ...times[index]! })),
      hosts: [...history.hosts.values()],
      ...(holder ? { lock: holder } : {}),
    },
  };
}

/** What was begun and has no outcome is in the world or not: nobody knows before hosts are asked. */
function obstacleOf(rollout: RolloutState | undefined, holder: Holder | undefined): Obstacle | undefined {
  if (holder && !holder.isGone) return undefined;
  if (holder)
    return {
      status: "inconclusive",
      reason: `left in its middle: ${describeHolder(holder)}, and that process has ended: tenantctl rollout resume --break-lock`,
    };
  const intent = rollout?.open[0];
  if (!intent) return undefined;
  return {
    status: "inconclusive",
    reason: `of ${intent.step}${intent.hosts ? ` on ${intent.hosts.join(", ")}` : ""} (entry ${intent.sequence}) no outcome is known: tenantctl rollout resume`,
  };
}

/** `rollout/not-completed`, where the last rollout ended otherwise than it was meant to. */
function endFindings({ rollout, result, release, endedAt }: RolloutState): FindingDraft[] {
  if (result === undefined || result === "done") return [];
  return [
    {
      rule: "rollout/not-completed",
      subject: {},
      message: `${release?.version ?? rollout} ended as ${result} on ${endedAt}`,
      remedy: "Look what happened, mend it, and roll out a release again.",
      remedySteps: [`tenantctl rollout history --rollout ${rollout}`],
      evidence: { rollout, result },
    },
  ];
}
