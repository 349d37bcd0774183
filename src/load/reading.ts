import type { LoadBar, LoadReading, LoadSide } from "../findings/load.js";
import { bucketOf, countAtLeast, type LatencyHistogram, quantileOf, totalOf } from "./histogram.js";
import { answersNeeded, compareErrors, compareLatency, type Margins } from "./judge.js";
import { blocksOf, latenciesOf, type MeasuredBlock, requestsOf, sumOf } from "./measured.js";
import { type LoadPlan, orderWords, type Side } from "./plan.js";

/** What does not come from measuring. */
export interface ReadingFrame {
  readonly urls: Readonly<Record<Side, string>>;
  readonly routes: readonly string[];
  readonly tenants: readonly string[];
}

/** Everything that a report tells of blocks, whatever their number. */
export function readingOf(
  blocks: readonly MeasuredBlock[],
  plan: LoadPlan,
  margins: Margins,
  frame: ReadingFrame,
  requiredBefore: number | undefined,
): LoadReading {
  const latency = compareLatency(blocks, margins.latency);
  const after = latency && answersNeeded(blocks, latency, margins.latency);
  const isComplete = sides.every((side) => sumOf(blocksOf(blocks, side), requestsOf) > 0);
  return {
    baseline: sideOf(blocks, "baseline", plan, frame.urls.baseline),
    candidate: sideOf(blocks, "candidate", plan, frame.urls.candidate),
    tenants: frame.tenants,
    plan: {
      routes: frame.routes,
      connections: plan.connections,
      rate: plan.rate ?? null,
      order: orderWords(plan.order),
      blockMs: plan.blockMs,
      warmupMs: plan.warmupMs,
    },
    marginMs: margins.latency,
    errorMargin: 100 * margins.errors,
    ...(latency ? { latency } : {}),
    ...(isComplete ? { errors: compareErrors(blocks, margins.errors) } : {}),
    required: {
      ...(requiredBefore === undefined ? {} : { before: requiredBefore }),
      ...(after === undefined || !Number.isFinite(after) ? {} : { after }),
    },
    blocks: blocks.map(({ side, latencies, lag, errors, ...block }) => ({
      side,
      p50: quantileIn([latencies], 0.5),
      p99: quantileIn([latencies], 0.99),
      requests: requestsOf({ side, latencies, lag, errors, ...block }),
      errors,
      lag,
    })),
    histogram: barsOf(latenciesOf(blocks, "baseline"), latenciesOf(blocks, "candidate")),
  };
}

const sides = ["baseline", "candidate"] as const;

function sideOf(blocks: readonly MeasuredBlock[], side: Side, { blockMs }: LoadPlan, url: string): LoadSide {
  const mine = blocksOf(blocks, side);
  const latencies = latenciesOf(blocks, side);
  const errorsBy: Record<string, number> = {};
  for (const block of mine)
    for (const [name, number] of Object.entries(block.errorsBy))
      errorsBy[name] = (errorsBy[name] ?? 0) + number;
  return {
    url,
    p50: quantileIn(latencies, 0.5),
    p95: quantileIn(latencies, 0.95),
    p99: quantileIn(latencies, 0.99),
    max: totalOf(latencies) === 0 ? null : rounded(Math.max(...latencies.map(({ max }) => max))),
    requests: sumOf(mine, requestsOf),
    perSecond: mine.length === 0 ? 0 : rounded((1000 * sumOf(mine, ok)) / (mine.length * blockMs)),
    errors: sumOf(mine, ({ errors }) => errors),
    errorsBy,
  };
}

function ok({ answered }: MeasuredBlock): number {
  return answered;
}

function quantileIn(latencies: readonly LatencyHistogram[], quantile: number): number | null {
  return totalOf(latencies) === 0 ? null : rounded(quantileOf(latencies, quantile));
}

function rounded(number: number): number {
  return Math.round(number * 1000) / 1000;
}

/** Bars, four to a doubling of latency: as fine as a terminal has lines for. */
const barsPerDoubling = 4;
/** Where so many bars do not suffice, they are as wide as a doubling. */
const mostBars = 24;

/** Counts of both sides in bars that widen with latency, from the fastest answer to the slowest. */
function barsOf(baseline: readonly LatencyHistogram[], candidate: readonly LatencyHistogram[]): LoadBar[] {
  const all = [...baseline, ...candidate];
  if (totalOf(all) === 0) return [];
  const fastest = Math.max(0.01, quantileOf(all, 0));
  const slowest = Math.max(fastest, ...all.map(({ max }) => max));
  for (let perDoubling = barsPerDoubling; ; perDoubling /= 2) {
    const first = Math.floor(Math.log2(fastest) * perDoubling);
    const last = Math.floor(Math.log2(slowest) * perDoubling);
    if (last - first >= mostBars && perDoubling > 0.5) continue;
    return Array.from({ length: last - first + 1 }, (_, index) => {
      const from = 2 ** ((first + index) / perDoubling);
      const to = 2 ** ((first + index + 1) / perDoubling);
      // What is faster than the first bar, or slower than the last, by rounding, belongs to them.
      const low = index === 0 ? 0 : bucketOf(from);
      const high = index === last - first ? Number.POSITIVE_INFINITY : bucketOf(to);
      const inBar = (histograms: readonly LatencyHistogram[]) =>
        countAtLeast(histograms, low) - countAtLeast(histograms, high);
      return { from: rounded(from), to: rounded(to), baseline: inBar(baseline), candidate: inBar(candidate) };
    });
  }
}
