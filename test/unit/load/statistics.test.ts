import { expect, test } from "vitest";
import { student95 } from "../../../src/load/distributions.js";
import { answersForErrors, answersRequired } from "../../../src/load/feasibility.js";
import {
  bucketCount,
  bucketEnd,
  bucketOf,
  bucketStart,
  LatencyHistogram,
  quantileOf,
} from "../../../src/load/histogram.js";
import { lengthOf, lengthWords, orderOf, orderWords, warmupBefore } from "../../../src/load/plan.js";
import { compareProportions, designEffectOf } from "../../../src/load/proportions.js";
import { randomFrom } from "../../support/random.js";

test("Student's t agrees with the tables", () => {
  for (const [degrees, value] of [
    [3, 2.353],
    [5, 2.015],
    [9, 1.833],
    [30, 1.697],
  ] as const)
    expect(student95(degrees) / value).toBeCloseTo(1, 2);
});

test("buckets follow on each other, hold what falls into them, and are 0.1 % wide at most", () => {
  for (const milliseconds of [0, 0.0004, 0.5, 2.047, 2.048, 9.99, 100, 12_345.678, 2_000_000]) {
    const bucket = bucketOf(milliseconds);
    expect(bucketStart(bucket)).toBeLessThanOrEqual(milliseconds);
    expect(bucketEnd(bucket)).toBeGreaterThan(milliseconds);
    const width = bucketEnd(bucket) - bucketStart(bucket);
    expect(width).toBeLessThanOrEqual(Math.max(0.00101, milliseconds / 1023));
  }
  for (let bucket = 1; bucket < bucketCount; bucket += 1)
    expect(bucketOf((bucketStart(bucket) + bucketEnd(bucket)) / 2)).toBe(bucket);
  expect(bucketOf(Number.MAX_SAFE_INTEGER)).toBe(bucketCount - 1);
});

test("quantiles of several blocks are those of all their latencies", () => {
  const random = randomFrom(1);
  const latencies = Array.from({ length: 10_000 }, () => Math.exp(random.normal()) * 20);
  const blocks = [latencies.slice(0, 3000), latencies.slice(3000)].map((each) => LatencyHistogram.of(each));
  latencies.sort((left, right) => left - right);
  for (const quantile of [0.5, 0.95, 0.99])
    expect(quantileOf(blocks, quantile) / latencies[Math.round(quantile * 10_000)]!).toBeCloseTo(1, 2);
  expect(quantileOf([LatencyHistogram.of([7])], 0.99)).toBeCloseTo(7, 2);
});

test("errors: Newcombe's own example, and nothing happened at all", () => {
  // Newcombe 1998, table II, (a): 56/70 - 48/80, two-sided 95 %: 0.0524 to 0.3339. Ours are one-sided 95 %.
  const { difference, lower, upper } = compareProportions({ hits: 48, total: 80 }, { hits: 56, total: 70 });
  expect(difference).toBeCloseTo(0.2, 6);
  expect(lower).toBeGreaterThan(0.0524);
  expect(upper).toBeLessThan(0.3339);
  expect(lower).toBeCloseTo(0.077, 2);
  const none = compareProportions({ hits: 0, total: 1000 }, { hits: 0, total: 1000 });
  expect(none.difference).toBe(0);
  expect(none.upper).toBeGreaterThan(0.002);
  expect(none.upper).toBeLessThan(0.004);
  expect(none.lower).toBeCloseTo(-none.upper, 9);
});

test("errors that come together count for less than as many that come alone", () => {
  const alone = Array.from({ length: 10 }, () => ({ hits: 4, total: 400 }));
  const together = alone.map((block, index) => ({ ...block, hits: index === 0 ? 40 : 0 }));
  expect(designEffectOf(alone)).toBe(1);
  expect(designEffectOf(together)).toBeGreaterThan(30);
  const [base, worse] = [
    { hits: 0, total: 4000 },
    { hits: 40, total: 4000 },
  ];
  expect(compareProportions(base, worse, 1).lower).toBeGreaterThan(0.005);
  expect(compareProportions(base, worse, designEffectOf(together)).lower).toBeLessThan(0.005);
});

test("required answers grow with the tail and shrink with the margin", () => {
  const random = randomFrom(1);
  const exponential = (p99: number) =>
    LatencyHistogram.of(
      Array.from({ length: 20_000 }, () => (-p99 * Math.log(1 - random.uniform())) / Math.log(100)),
    );
  const at100 = answersRequired([exponential(100)], 5, 10);
  const at250 = answersRequired([exponential(250)], 5, 10);
  // 1,417 (22 / 5)²: the tail of 22 ms, ten pairs.
  expect(at100).toBeGreaterThan(20_000);
  expect(at100).toBeLessThan(35_000);
  expect(at250 / at100).toBeCloseTo(6.25, -1);
  expect(answersRequired([exponential(100)], 50, 10)).toBe(1000);
  // A hundred a block.
  expect(answersRequired([exponential(100)], 500, 20)).toBe(2000);
  expect(answersForErrors(0.005)).toBe(539);
});

test("sides take turns, each as often first as second, the first of each with a longer warm-up", () => {
  const order = orderOf(4, false);
  expect(orderWords(order)).toBe("bccbbccb");
  expect(orderWords(orderOf(4, true))).toBe("cbbccbbc");
  const plan = { connections: 1, rate: undefined, order, blockMs: 1000, warmupMs: 100 };
  expect(order.map((_, block) => warmupBefore(plan, block))).toEqual([
    400, 400, 100, 100, 100, 100, 100, 100,
  ]);
  // A trial block goes before: 1.1 s.
  expect(lengthOf(plan)).toBe(10_500);
  expect([0, 1, 2, 3].map((blocks) => lengthOf(plan, blocks))).toEqual([1100, 2500, 3900, 5000]);
  expect(lengthWords(plan)).toBe("10.5 s in all: 8.0 s measured, 2.5 s of warm-ups and a trial block");
});
