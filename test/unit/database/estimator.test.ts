import { expect, test } from "vitest";
import { estimateRows, pagesToSample, unseenBelow } from "../../../src/database/distribution/estimator.js";

/** A table in memory: for each page the number of rows of each tenant. */
type Page = ReadonlyMap<number, number>;

/** Deterministic, so that a failure can be looked at. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** 3,000 pages of 60 rows. `clustered` puts a tenant's rows side by side, as an import does. */
function makeTable(tenants: number, isClustered: boolean, random: () => number): Page[] {
  const weights = Array.from({ length: tenants }, (_, index) => 1 / (index + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const pick = () => {
    let left = random() * sum;
    return weights.findIndex((weight) => {
      left -= weight;
      return left <= 0;
    });
  };
  let current = pick();
  return Array.from({ length: 3000 }, (_, number) => {
    const page = new Map<number, number>();
    // The last page is half full, as it mostly is.
    for (let row = 0; row < (number === 2999 ? 30 : 60); row += 1) {
      if (!isClustered || random() < 0.004) current = pick();
      page.set(current, (page.get(current) ?? 0) + 1);
    }
    return page;
  });
}

/** The rows of many tenants among each other, and one tenant that was imported in one go: 25 pages of its own. */
function withImport(pages: readonly Page[], tenant: number): Page[] {
  return pages.map((page, number) => (number >= 700 && number < 725 ? new Map([[tenant, 60]]) : page));
}

function truth(pages: readonly Page[], tenant: number): number {
  return pages.reduce((sum, page) => sum + (page.get(tenant) ?? 0), 0);
}

function sample(pages: readonly Page[], wanted: number, random: () => number): Page[] {
  const chosen = new Set<number>();
  for (let draw = 0; draw < wanted; draw += 1) chosen.add(Math.floor(random() * pages.length));
  return [...chosen].map((page) => pages[page]!);
}

function totalsOf(chosen: readonly Page[], tenant?: number) {
  const rows = chosen
    .map((page) =>
      tenant === undefined ? [...page.values()].reduce((a, b) => a + b, 0) : (page.get(tenant) ?? 0),
    )
    .filter((number) => number > 0);
  return {
    pages: rows.length,
    rows: rows.reduce((sum, number) => sum + number, 0),
    squares: rows.reduce((sum, number) => sum + number ** 2, 0),
    most: Math.max(0, ...rows),
  };
}

function designOf(pages: readonly Page[], chosen: readonly Page[]) {
  const capacity = Math.max(...chosen.map((page) => [...page.values()].reduce((sum, rows) => sum + rows, 0)));
  return { pages: pages.length, sampled: chosen.length, capacity };
}

test.each([
  [10, false],
  [10, true],
  [400, false],
  [400, true],
])(
  "with %i tenants, clustered %s, all bounds of a reading hold in 95 of 100 readings",
  (tenants, isClustered) => {
    const random = generator(tenants + (isClustered ? 1 : 0));
    const pages = makeTable(tenants, isClustered, random);
    const known = Array.from({ length: tenants }, (_, tenant) => truth(pages, tenant));
    const all = known.reduce((sum, rows) => sum + rows, 0);
    let held = 0;
    for (let reading = 0; reading < 100; reading += 1) {
      const chosen = sample(pages, 300, random);
      const design = designOf(pages, chosen);
      const whole = estimateRows(totalsOf(chosen), design, tenants + 1);
      const isRight = known.every((rows, tenant) => {
        const totals = totalsOf(chosen, tenant);
        if (totals.pages === 0) return rows < unseenBelow(design, tenants + 1);
        const { low, high } = estimateRows(totals, design, tenants + 1);
        return low <= rows && rows <= high;
      });
      if (isRight && whole.low <= all && all <= whole.high) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(95);
  },
);

test("rows of one tenant that lie together among everybody else's keep their bound too", () => {
  const random = generator(11);
  const pages = withImport(makeTable(300, false, random), 300);
  let held = 0;
  let unseen = 0;
  for (let reading = 0; reading < 100; reading += 1) {
    const chosen = sample(pages, 300, random);
    const totals = totalsOf(chosen, 300);
    if (totals.pages === 0) unseen += 1;
    const { low, high } =
      totals.pages === 0
        ? { low: 0, high: unseenBelow(designOf(pages, chosen), 302) }
        : estimateRows(totals, designOf(pages, chosen), 302);
    if (low <= 1500 && 1500 <= high) held += 1;
  }
  expect(held).toBeGreaterThanOrEqual(95);
  expect(unseen).toBeGreaterThan(0);
});

test("the bound says something: within a third for a tenant with a tenth of the rows", () => {
  const random = generator(7);
  const pages = makeTable(10, false, random);
  const chosen = sample(pages, 1000, random);
  const design = designOf(pages, chosen);
  const { rows, low, high } = estimateRows(totalsOf(chosen, 2), design, 11);
  expect(high - rows).toBeLessThan(rows / 3);
  expect(rows - low).toBeLessThan(rows / 3);
});

test("all pages read, the estimate is exact", () => {
  const totals = { pages: 10, rows: 95, squares: 950, most: 10 };
  expect(estimateRows(totals, { pages: 10, sampled: 10, capacity: 60 }, 5)).toEqual({
    rows: 95,
    low: 95,
    high: 95,
  });
  expect(unseenBelow({ pages: 10, sampled: 10, capacity: 60 }, 5)).toBe(0);
  expect(
    estimateRows({ pages: 0, rows: 0, squares: 0, most: 0 }, { pages: 0, sampled: 0, capacity: 0 }, 1),
  ).toEqual({
    rows: 0,
    low: 0,
    high: 0,
  });
});

test("a small part of a large table is read, all of a small one", () => {
  expect(pagesToSample(40)).toBe(40);
  expect(pagesToSample(70_000)).toBeLessThanOrEqual(70_000 / 30);
  expect(pagesToSample(10_000_000)).toBe(350);
});
