import { describe, expect, test } from "vitest";
import { LatencyHistogram } from "../../../src/load/histogram.js";
import { compareLatency } from "../../../src/load/judge.js";
import type { MeasuredBlock } from "../../../src/load/measured.js";
import { orderOf } from "../../../src/load/plan.js";
import { type Random, randomFrom } from "../../support/random.js";

const margin = 5;
const pairs = 10;

/** Latencies of one world, in milliseconds. */
interface World {
  readonly baseline: (random: Random) => number;
  /** Without one, the baseline's, later by `degradation`. */
  readonly candidate?: (random: Random) => number;
  readonly degradation?: number;
  readonly perBlock?: number;
  /** Factor of all latencies of a block: what it keeps of the block before, and how much is new. */
  readonly mood?: { readonly kept: number; readonly spread: number };
  /** Growth of all latencies from the first block to the last, as a factor. */
  readonly drift?: number;
  /** Latencies are whole multiples of this. */
  readonly grain?: number;
}

/** How often each verdict is reached in so many runs of a world. */
function verdicts(world: World, runs: number, seed = 1) {
  const random = randomFrom(seed);
  const tally = { pass: 0, fail: 0, inconclusive: 0 };
  for (let run = 0; run < runs; run += 1)
    tally[compareLatency(measured(world, random), margin)!.verdict] += 1 / runs;
  return tally;
}

function measured(world: World, random: Random): MeasuredBlock[] {
  const { baseline, candidate = baseline, degradation = 0, perBlock = 400 } = world;
  const { mood = { kept: 0, spread: 0 }, drift = 1, grain = 0 } = world;
  const order = orderOf(pairs, random.uniform() < 0.5);
  let state = 0;
  return order.map((side, index) => {
    state = mood.kept * state + Math.sqrt(1 - mood.kept ** 2) * random.normal();
    const factor = Math.exp(mood.spread * state) * drift ** (index / order.length);
    const latencies = Array.from({ length: perBlock }, () => {
      const value =
        side === "baseline" ? baseline(random) * factor : candidate(random) * factor + degradation;
      return grain ? Math.round(value / grain) * grain : value;
    });
    const histogram = LatencyHistogram.of(latencies);
    return { side, latencies: histogram, answered: perBlock, errors: 0, errorsBy: {}, unsent: 0, lag: 0 };
  });
}

const lognormal = (median: number, spread: number) => (random: Random) =>
  median * Math.exp(spread * random.normal());
const pareto = (random: Random) => 2 * (1 - random.uniform()) ** (-1 / 1.5);
const twoModes = (random: Random) => (random.uniform() < 0.02 ? 60 : 10) + random.normal();
/** P99 of the standard normal distribution. */
const z99 = 2.3263;

const worlds: Record<string, World> = {
  "thin tail": { baseline: lognormal(20, 0.25) },
  "wide tail": { baseline: lognormal(10, 1) },
  "tail without variance": { baseline: pareto },
  "two modes": { baseline: twoModes },
  "blocks that resemble their neighbours": {
    baseline: lognormal(10, 0.25),
    mood: { kept: 0.8, spread: 0.3 },
  },
  "blocks that differ at random": { baseline: lognormal(10, 0.25), mood: { kept: 0, spread: 0.2 } },
  "drift to twice the latency": { baseline: lognormal(10, 0.25), drift: 2 },
  "ties: whole milliseconds": { baseline: lognormal(10, 0.25), grain: 1 },
  "ties: all the same": { baseline: () => 10 },
};

/** 5 % and three standard errors of so many runs. */
const runs = 200;
const highest = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs);

describe("a degradation of exactly the margin is passed, and failed, in one of twenty runs at most", () => {
  test.each(Object.entries(worlds))("%s", (_, world) => {
    const { pass, fail } = verdicts({ ...world, degradation: margin }, runs);
    expect(pass).toBeLessThanOrEqual(highest);
    expect(fail).toBeLessThanOrEqual(highest);
  });

  test("also where the shapes differ: P99 is worse by the margin, all else is not alike", () => {
    const wide = (p99: number) => (random: Random) => p99 * Math.exp(0.8 * (random.normal() - z99));
    const narrow = (p99: number) => (random: Random) => p99 + 0.5 * (random.normal() - z99);
    for (const perBlock of [100, 400]) {
      for (const world of [
        { baseline: wide(60), candidate: narrow(60 + margin), perBlock },
        { baseline: narrow(30), candidate: wide(30 + margin), perBlock },
      ]) {
        const { pass, fail } = verdicts(world, runs);
        expect(pass).toBeLessThanOrEqual(highest);
        expect(fail).toBeLessThanOrEqual(highest);
      }
    }
  });

  test("the level itself, over many runs: 5 %, and one standard error of theirs", () => {
    const many = 1500;
    const { pass, fail } = verdicts(
      { baseline: lognormal(20, 0.25), degradation: margin, perBlock: 150 },
      many,
    );
    expect(pass).toBeLessThanOrEqual(0.056);
    expect(fail).toBeLessThanOrEqual(0.056);
    // It is no test that never decides.
    expect(pass + fail).toBeGreaterThan(0.03);
  });
});

describe("no degradation is passed where the tail lets P99 be told", () => {
  test.each([
    "thin tail",
    "blocks that resemble their neighbours",
    "drift to twice the latency",
    "ties: whole milliseconds",
    "ties: all the same",
  ])("%s", (name) => {
    const { pass, fail } = verdicts(worlds[name]!, 60);
    expect(pass).toBeGreaterThan(0.75);
    expect(fail).toBe(0);
  });

  test("a wide tail needs more answers: the more there are, the oftener it passes", () => {
    const few = verdicts({ baseline: lognormal(20, 0.5), perBlock: 150 }, 60);
    const many = verdicts({ baseline: lognormal(20, 0.5), perBlock: 1500 }, 60);
    expect(few.pass).toBeLessThan(0.5);
    expect(many.pass).toBeGreaterThan(0.8);
  });
});

test.each(["thin tail", "two modes", "blocks that differ at random", "drift to twice the latency"])(
  "a great degradation fails: %s",
  (name) => {
    const { pass, fail } = verdicts({ ...worlds[name]!, degradation: 60 }, 60);
    expect(fail).toBeGreaterThan(0.85);
    expect(pass).toBe(0);
  },
);

test("a slow mode that one request in fifty falls into is never passed, whatever the other 98 do", () => {
  const { pass, fail } = verdicts({ baseline: lognormal(10, 0.1), candidate: twoModes }, 60);
  expect(pass).toBe(0);
  expect(fail).toBeGreaterThan(0.9);
});

test("a stall in one block of ten is not passed", () => {
  const random = randomFrom(7);
  const blocks = measured({ baseline: lognormal(10, 0.1) }, random);
  const at = blocks.findLastIndex(({ side }) => side === "candidate");
  const stalled = LatencyHistogram.of(
    Array.from({ length: 400 }, (_, index) => (index < 60 ? 900 : 10 + random.normal())),
  );
  const worse = blocks.map((block, index) => (index === at ? { ...block, latencies: stalled } : block));
  expect(compareLatency(blocks, margin)!.verdict).toBe("pass");
  expect(compareLatency(worse, margin)!.verdict).not.toBe("pass");
});

test("few samples are inconclusive, however alike both sides are", () => {
  expect(verdicts({ baseline: () => 10, perBlock: 50 }, 5)).toEqual({ pass: 0, fail: 0, inconclusive: 1 });
  // 990 answers a side are under the bar of 1,000; 1,000 are on it.
  expect(verdicts({ baseline: () => 10, perBlock: 99 }, 5).inconclusive).toBe(1);
  expect(verdicts({ baseline: () => 10, perBlock: 100 }, 5).pass).toBe(1);
});

test("a candidate that is slow enough to answer seldom fails all the same", () => {
  const random = randomFrom(3);
  const blocks = measured({ baseline: lognormal(10, 0.1) }, random).map((block) =>
    block.side === "candidate" ? { ...block, latencies: LatencyHistogram.of([900, 950, 1000]) } : block,
  );
  expect(compareLatency(blocks, margin)!.verdict).toBe("fail");
});
