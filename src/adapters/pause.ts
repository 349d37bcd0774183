import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits.
 *
 * @param milliseconds how long
 * @throws the signal's reason as soon as it is aborted.
 */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

export interface Looking {
  /** Looks in all. */
  readonly most: number;
  /** Milliseconds from one to the next. */
  readonly between: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks until it is enough, at most so many times.
 *
 * @returns what the last look saw
 * @throws what a look throws, and the signal's reason as soon as it is aborted.
 */
export async function lookUntil<Seen>(
  look: () => Promise<Seen>,
  isEnough: (seen: Seen) => boolean,
  { most, between, signal }: Looking,
): Promise<Seen> {
  for (let time = 1; ; time += 1) {
    const seen = await look();
    if (isEnough(seen) || time >= most) return seen;
    await pause(between, signal);
  }
}
