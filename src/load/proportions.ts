import { normal95 } from "./distributions.js";

/** How often something happened. */
export interface Count {
  readonly hits: number;
  readonly total: number;
}

export interface Bounds {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Difference of two proportions, `candidate - baseline`, with one-sided 95 % bounds that hold where nothing
 * happened at all: Newcombe 1998, Interval Estimation for the Difference Between Independent Proportions,
 * Statistics in Medicine 17, method 10 (Wilson's intervals combined).
 *
 * @param designEffect variance of the counts over that of independent requests, at least 1
 */
export function compareProportions(baseline: Count, candidate: Count, designEffect = 1): Bounds {
  const base = wilson(baseline, designEffect);
  const other = wilson(candidate, designEffect);
  const difference = other.share - base.share;
  return {
    difference,
    lower: difference - Math.hypot(other.share - other.lower, base.upper - base.share),
    upper: difference + Math.hypot(other.upper - other.share, base.share - base.lower),
  };
}

function wilson({ hits, total }: Count, designEffect: number) {
  const n = total / designEffect;
  const share = hits / total;
  const z2 = normal95 ** 2;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (normal95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n ** 2));
  return { share, lower: Math.max(0, middle - half), upper: Math.min(1, middle + half) };
}

/**
 * How much more the hits of blocks differ than those of independent requests would: the variance of a ratio over
 * clusters (Cochran, Sampling Techniques, ch. 9) over the binomial one; at least 1.
 */
export function designEffectOf(blocks: readonly Count[]): number {
  const hits = blocks.reduce((sum, block) => sum + block.hits, 0);
  const total = blocks.reduce((sum, block) => sum + block.total, 0);
  const share = hits / total;
  const binomial = total * share * (1 - share);
  if (!(binomial > 0) || blocks.length < 2) return 1;
  const squares = blocks.reduce((sum, block) => sum + (block.hits - share * block.total) ** 2, 0);
  return Math.max(1, ((blocks.length / (blocks.length - 1)) * squares) / binomial);
}
