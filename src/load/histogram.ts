/** Buckets of 1 µs up to 2 ms, then 1,024 to each doubling: no value is off by more than 0.1 %. */
const perDoubling = 1024;
const doublings = 21;
export const bucketCount = (doublings + 1) * perDoubling;
const longest = 2 ** (doublings + 10) - 1;

/** Bucket of a latency in milliseconds; what takes over 35 minutes falls into the last. */
export function bucketOf(milliseconds: number): number {
  const microseconds = Math.min(longest, Math.max(0, Math.floor(milliseconds * 1000)));
  const shift = Math.max(0, 31 - Math.clz32(microseconds) - 10);
  return shift * perDoubling + (microseconds >>> shift);
}

/** Where a bucket begins, in milliseconds. */
export function bucketStart(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / perDoubling) - 1);
  return ((bucket - shift * perDoubling) * 2 ** shift) / 1000;
}

/** Where a bucket ends and the next begins, in milliseconds. */
export function bucketEnd(bucket: number): number {
  return bucketStart(bucket + 1);
}

/** Latencies of one block, counted in buckets as HdrHistogram does it: small, and fine enough for a margin. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(bucketCount);
  #atLeast: Uint32Array | undefined;
  #total = 0;
  #max = 0;

  /** @param latencies in milliseconds */
  static of(latencies: Iterable<number>): LatencyHistogram {
    const histogram = new LatencyHistogram();
    for (const latency of latencies) histogram.record(latency);
    return histogram;
  }

  record(milliseconds: number): void {
    this.#counts[bucketOf(milliseconds)]! += 1;
    this.#atLeast = undefined;
    this.#total += 1;
    this.#max = Math.max(this.#max, milliseconds);
  }

  get total(): number {
    return this.#total;
  }

  /** The longest latency, in milliseconds; 0 where there is none. */
  get max(): number {
    return this.#max;
  }

  /** How many stand in this bucket and all above it. */
  atLeast(bucket: number): number {
    if (bucket >= bucketCount) return 0;
    this.#atLeast ??= suffixSums(this.#counts);
    return this.#atLeast[bucket]!;
  }
}

function suffixSums(counts: Uint32Array): Uint32Array {
  const sums = counts.slice();
  for (let bucket = sums.length - 2; bucket >= 0; bucket -= 1) sums[bucket]! += sums[bucket + 1]!;
  return sums;
}

/** Requests of several blocks together. */
export function totalOf(histograms: readonly LatencyHistogram[]): number {
  return histograms.reduce((sum, { total }) => sum + total, 0);
}

/** Of several blocks together, how many stand in this bucket and all above it. */
export function countAtLeast(histograms: readonly LatencyHistogram[], bucket: number): number {
  return histograms.reduce((sum, histogram) => sum + histogram.atLeast(bucket), 0);
}

/** The bucket of the request that is the nth from the fastest. */
function bucketOfRank(histograms: readonly LatencyHistogram[], rank: number): number {
  const above = totalOf(histograms) - rank;
  let low = 0;
  let high = bucketCount - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (countAtLeast(histograms, middle + 1) <= above) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A quantile in milliseconds, between the two requests that it lies between: median-unbiased whatever the
 * distribution (Hyndman and Fan 1996, Sample Quantiles in Statistical Packages, definition 8). The plain "so
 * many are slower" would come out too low for blocks of a few hundred requests.
 */
export function quantileOf(histograms: readonly LatencyHistogram[], quantile: number): number {
  const total = totalOf(histograms);
  const position = Math.min(total, Math.max(1, quantile * (total + 1 / 3) + 1 / 3));
  const rank = Math.floor(position);
  const [lower, upper] = [rank, Math.min(total, rank + 1)].map((each) =>
    bucketMiddle(bucketOfRank(histograms, each)),
  );
  return lower! + (position - rank) * (upper! - lower!);
}

function bucketMiddle(bucket: number): number {
  return (bucketStart(bucket) + bucketEnd(bucket)) / 2;
}
