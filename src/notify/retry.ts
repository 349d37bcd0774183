import { pause } from "../adapters/pause.js";

/** What came of one try. */
export type Try =
  | { readonly isDone: true }
  | {
      readonly isDone: false;
      readonly reason: string;
      /** Whether another try may help. */
      readonly isTransient: boolean;
      /** Milliseconds that the other side asks to wait. */
      readonly retryAfter?: number | undefined;
    };

export interface Patience {
  /** Tries in all. */
  readonly most: number;
  /** Milliseconds before the second try; doubled for each further one. */
  readonly first: number;
  /** Milliseconds that one wait may take: who asks for more is given up. */
  readonly longest: number;
  /** From 0 to 1: spreads many senders. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

export const usualPatience: Patience = { most: 4, first: 500, longest: 30_000, random: Math.random };

export interface Tried {
  readonly attempts: number;
  /** Undefined where it was done. */
  readonly reason?: string;
}

/**
 * Tries until it is done, can't be helped, or has been tried often enough.
 *
 * @throws the signal's reason as soon as it is aborted.
 */
export async function persist(work: () => Promise<Try>, patience: Patience): Promise<Tried> {
  const { most, longest, signal } = patience;
  for (let attempts = 1; ; attempts += 1) {
    signal?.throwIfAborted();
    const tried = await work();
    if (tried.isDone) return { attempts };
    const wait = tried.retryAfter ?? backoff(attempts, patience);
    if (!tried.isTransient || attempts >= most) return { attempts, reason: tried.reason };
    if (wait > longest)
      return { attempts, reason: `${tried.reason}, to be tried again in ${Math.round(wait / 1000)} s only` };
    await pause(wait, signal);
  }
}

/** Half of it fixed, half by chance. */
function backoff(attempts: number, { first, longest, random }: Patience): number {
  const whole = Math.min(longest, first * 2 ** (attempts - 1));
  return whole / 2 + (whole / 2) * random();
}
