import { pause } from "../pause.js";

/** Spreads requests so that no more than so many start in a second, and keeps them back when it is told to. */
export class Pace {
  readonly #gap: number;
  #next = 0;

  /** @param perSecond requests a second; undefined is as fast as they come */
  constructor(perSecond: number | undefined) {
    this.#gap = perSecond === undefined ? 0 : 1000 / perSecond;
  }

  async turn(signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#gap;
    if (at > now) await pause(at - now, signal);
  }

  /** Nobody starts for so many milliseconds: the server asked for it. */
  hold(milliseconds: number): void {
    this.#next = Math.max(this.#next, performance.now() + milliseconds);
  }
}

/** Milliseconds that a `Retry-After` asks for: seconds or a date. Undefined where it says neither. */
export function retryAfter(header: string, now: number): number | undefined {
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
