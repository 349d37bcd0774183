import { grouped } from "./numbers.js";

/** Fact `load` of the check `load`: what was measured of two sides, and what follows. Times are milliseconds. */
export interface LoadReading {
  readonly baseline: LoadSide;
  readonly candidate: LoadSide;
  /** Of the tenants whose tokens the requests bore, if any; left out under `--no-samples`. */
  readonly tenants?: readonly string[];
  readonly plan: LoadPlanFacts;
  readonly marginMs: number;
  /** Percentage points. */
  readonly errorMargin: number;
  /** Undefined where too little was measured to compare at all. */
  readonly latency?: LatencyComparison;
  readonly errors?: ErrorComparison;
  /** Answers a side that P99 and margin ask for, as the tail of the baseline lets expect before, and as measured. */
  readonly required: { readonly before?: number; readonly after?: number };
  readonly blocks: readonly LoadBlock[];
  /** From fast to slow, each bar twice to the next. */
  readonly histogram: readonly LoadBar[];
}

export interface LoadPlanFacts {
  readonly routes: readonly string[];
  readonly connections: number;
  /** Requests a second; null where each connection sends as soon as it has its answer. */
  readonly rate: number | null;
  /** The order, a letter a block: `b` baseline, `c` candidate. */
  readonly order: string;
  readonly blockMs: number;
  readonly warmupMs: number;
}

export interface LoadSide {
  readonly url: string;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly requests: number;
  /** Answered with 2xx, a second. */
  readonly perSecond: number;
  readonly errors: number;
  /** By status, or by reason where no answer came. */
  readonly errorsBy: Readonly<Record<string, number>>;
}

export type LoadVerdict = "pass" | "fail" | "inconclusive";

export interface LatencyComparison {
  readonly verdict: LoadVerdict;
  /** Difference of P99 over all blocks; mean difference within pairs; its standard error. */
  readonly difference: number;
  readonly pairedDifference: number;
  readonly standardError: number;
  /** One-sided 95 % bounds. */
  readonly lower: number;
  readonly upper: number;
  /** Variance between pairs over that of as many independent requests. */
  readonly designEffect: number | null;
}

export interface ErrorComparison {
  readonly verdict: LoadVerdict;
  /** Percentage points, with one-sided 95 % bounds. */
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}

export interface LoadBlock {
  readonly side: "baseline" | "candidate";
  readonly p50: number | null;
  readonly p99: number | null;
  readonly requests: number;
  readonly errors: number;
  /** P99 of how late the load generator's own timers were. */
  readonly lag: number;
}

export interface LoadBar {
  readonly from: number;
  readonly to: number;
  readonly baseline: number;
  readonly candidate: number;
}

/** `P99 of the candidate is 12.3 ms against 11.9 ms: +0.4 ms (95 % at most +1.8 ms), under 5 ms: pass` */
export function comparisonWords({ baseline, candidate, latency, marginMs }: LoadReading): string | undefined {
  if (!latency || baseline.p99 === null || candidate.p99 === null) return undefined;
  const { difference, lower, upper, verdict } = latency;
  const bounds = {
    pass: `95 % at most ${signed(upper)} ms), under ${marginMs} ms`,
    fail: `95 % at least ${signed(lower)} ms), over ${marginMs} ms`,
    inconclusive: `95 % between ${signed(lower)} and ${signed(upper)} ms), the margin is ${marginMs} ms`,
  }[verdict];
  return `P99 of the candidate is ${figure(candidate.p99)} ms against ${figure(baseline.p99)} ms: ${signed(difference)} ms (${bounds}: ${verdict}`;
}

/** `0.25`, `12.3`, `1,234`: as many digits as can be told apart. */
export function figure(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size >= 1000) return grouped(Math.round(milliseconds));
  return milliseconds.toFixed(size < 1 ? 2 : size < 100 ? 1 : 0);
}

function signed(milliseconds: number): string {
  return milliseconds < 0 ? `-${figure(-milliseconds)}` : `+${figure(milliseconds)}`;
}
