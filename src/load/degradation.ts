import { student95 } from "./distributions.js";
import { bucketEnd, bucketOf, bucketStart, type LatencyHistogram, quantileOf } from "./histogram.js";

/** Two blocks that were measured one after the other. */
export interface Pair {
  readonly baseline: LatencyHistogram;
  readonly candidate: LatencyHistogram;
}

/** How much later the candidate's P99 comes than the baseline's; all in milliseconds. */
export interface Degradation {
  /** Of all blocks together. */
  readonly together: number;
  /** Mean over pairs. */
  readonly paired: number;
  /** Standard error of that mean. */
  readonly error: number;
  /** One-sided 95 % bounds: each is wrong in one of twenty runs at most. */
  readonly lower: number;
  readonly upper: number;
}

/** The share of requests that P99 leaves above it. */
export const tail = 0.01;

/** Fewer pairs can't tell a variance. */
export const fewestPairs = 4;

/**
 * The difference of P99 between the blocks of a pair, averaged over pairs, with bounds of Student's t on one
 * degree of freedom less than pairs. Pairs are the units, not requests: requests of one block are alike, and
 * the variance between pairs counts that, the uncertainty of the baseline's own P99, and how far blocks differ;
 * what slows both blocks of a pair cancels (paired comparison: Box, Hunter and Hunter, Statistics for
 * Experimenters, ch. 3; batches of a run as units: Law, Simulation Modeling and Analysis, ch. 9). Where the
 * candidate's latencies are the baseline's, moved by some amount, the blocks of a pair can be exchanged: the
 * differences are symmetric about that amount whatever the tail looks like, and for those the t test keeps its
 * level or stays under it. The mean, not a median: a stall that hits one block of ten has to count.
 *
 * Where the shapes differ, P99 of a block of a few hundred requests is off by another amount on each side. The
 * P99 of all blocks together is hardly off, so each bound starts from whichever of both differences is worse
 * for the answer that it can give. `test/unit/load/calibration.test.ts` proves the level by simulation.
 */
export function measureDegradation(pairs: readonly Pair[]): Degradation {
  const differences = pairs.map(({ baseline, candidate }) => p99Of([candidate]) - p99Of([baseline]));
  const paired = differences.reduce((sum, each) => sum + each, 0) / pairs.length;
  const squares = differences.reduce((sum, each) => sum + (each - paired) ** 2, 0);
  const error = Math.sqrt(squares / (pairs.length - 1) / pairs.length);
  const [baseline, candidate] = [
    p99Of(pairs.map((pair) => pair.baseline)),
    p99Of(pairs.map((pair) => pair.candidate)),
  ];
  const together = candidate - baseline;
  const width = student95(pairs.length - 1) * error + resolutionAt(Math.max(baseline, candidate));
  return {
    together,
    paired,
    error,
    lower: Math.min(paired, together) - width,
    upper: Math.max(paired, together) + width,
  };
}

/** No difference can be told finer than the buckets that it was counted in. */
function resolutionAt(milliseconds: number): number {
  const bucket = bucketOf(milliseconds);
  return bucketEnd(bucket) - bucketStart(bucket);
}

function p99Of(histograms: readonly LatencyHistogram[]): number {
  return quantileOf(histograms, 1 - tail);
}
