/** What a sample of pages shows of one tenant, or of all rows together. */
export interface SampleTotals {
  /** Sampled pages that hold such rows. */
  readonly pages: number;
  readonly rows: number;
  /** Sum over pages of the squared number of rows. */
  readonly squares: number;
  /** Most rows on one page. */
  readonly most: number;
}

export interface PageSample {
  /** Pages of the table. */
  readonly pages: number;
  /** Pages read, chosen at random without replacement. */
  readonly sampled: number;
  /** Most rows on one of them, whoever's: what a page that was not read may hold of one tenant. */
  readonly capacity: number;
}

export interface Estimate {
  readonly rows: number;
  readonly low: number;
  readonly high: number;
}

/** Chance that any bound of one reading is wrong. */
const risk = 0.05;
/** From so many pages on, the normal approximation is better than the bound for rare events. */
const manyPages = 60;

/**
 * Rows of the whole table from a simple random sample of pages (Cochran, Sampling Techniques, ch. 9: clusters
 * of unequal size): the mean per page times the pages, with the variance between pages, which counts how rows
 * of one tenant lie together. The bounds hold for all of `bounds` estimates at once (Bonferroni), by
 * Bernstein's inequality, which is wider than the normal approximation and holds without it. A tenant on few
 * pages gets the Chernoff bound of a Poisson count besides, since few pages can't tell a variance.
 */
export function estimateRows(totals: SampleTotals, sample: PageSample, bounds: number): Estimate {
  const { pages, sampled } = sample;
  if (sampled === 0) return { rows: 0, low: 0, high: 0 };
  const scale = pages / sampled;
  const rows = totals.rows * scale;
  const depth = Math.log((2 * Math.max(1, bounds)) / risk);
  const between = (totals.squares - totals.rows ** 2 / sampled) / Math.max(1, sampled - 1);
  const variance = pages ** 2 * (1 - sampled / pages) * (Math.max(0, between) / sampled);
  const isRare = totals.pages < manyPages && sampled < pages;
  // Few pages do not show how many rows another page of the same tenant has.
  const most = isRare ? Math.max(totals.most, sample.capacity) : totals.most;
  const rest = (1 - sampled / pages) * scale * most * (depth / 3);
  const margin = Math.sqrt(2 * depth * variance) + rest;
  const rare = totals.pages + depth + Math.sqrt(2 * totals.pages * depth + depth ** 2);
  const high = isRare ? Math.max(rows + margin, rare * scale * most) : rows + margin;
  return {
    rows: Math.round(rows),
    low: Math.round(Math.max(totals.rows, rows - margin)),
    high: Math.round(Math.min(high, pages * most)),
  };
}

/** Rows that a tenant which no sampled page holds can have at most. */
export function unseenBelow({ pages, sampled, capacity }: PageSample, bounds: number): number {
  if (sampled >= pages) return 0;
  const depth = Math.log((2 * Math.max(1, bounds)) / risk);
  // (1 - sampled / pages) to the power of its pages is the chance to miss them all.
  return Math.ceil((depth / -Math.log(1 - sampled / pages)) * capacity);
}

/** Enough for a bound worth having, whatever the table's size; few enough to cost a fraction of a scan. */
const samplePages = 350;

/** Pages to read of a table. */
export function pagesToSample(pages: number): number {
  return Math.min(pages, samplePages);
}
