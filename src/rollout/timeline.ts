import type { RolloutState } from "./replay.js";
import type { Phase } from "./types.js";

const minute = 60_000;
const day = 24 * 60 * minute;

/** How long each phase may take by the plan (its timeline; of a span the longer end), in milliseconds. */
export const plannedDurations: Readonly<Partial<Record<Phase, number>>> = {
  staging: 7 * day,
  canary: 5 * day,
  production: day,
  rollback: 5 * minute,
};

/** A phase's time against the plan's. */
export interface PhaseTime {
  readonly phase: Phase;
  /** Milliseconds from its begin to its end, or to now. */
  readonly elapsed: number;
  /** Milliseconds; undefined where the plan sets none. */
  readonly plannedTime: number | undefined;
  readonly isOver: boolean;
}

/** The time of each phase that has begun. A clock that was set back gives 0, never less. */
export function timesOf({ phases }: RolloutState, now: Date, durations = plannedDurations): PhaseTime[] {
  return phases.map(({ phase, startedAt, endedAt }) => {
    const end = endedAt === undefined ? now.getTime() : Date.parse(endedAt);
    const elapsed = Math.max(0, end - Date.parse(startedAt));
    const plannedTime = durations[phase];
    return { phase, elapsed, plannedTime, isOver: plannedTime !== undefined && elapsed > plannedTime };
  });
}
