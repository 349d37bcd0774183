import { expect, test } from "vitest";
import { LatencyHistogram } from "../../../src/load/histogram.js";
import { meaningless, obstacleOf } from "../../../src/load/judge.js";
import type { MeasuredBlock } from "../../../src/load/measured.js";
import { orderOf, type Side } from "../../../src/load/plan.js";
import { readingOf } from "../../../src/load/reading.js";
import { randomFrom } from "../../support/random.js";

const plan = {
  connections: 10,
  rate: undefined as number | undefined,
  order: orderOf(10, false),
  blockMs: 1000,
  warmupMs: 0,
};
const margins = { latency: 5, errors: 0.005 };
const frame = { urls: { baseline: "b", candidate: "c" }, routes: ["GET /"], tenants: [] };

function blocks(
  change: (side: Side) => Partial<MeasuredBlock> = () => ({}),
  latency: (random: ReturnType<typeof randomFrom>) => number = (random) => 10 + random.uniform(),
): MeasuredBlock[] {
  const random = randomFrom(1);
  return plan.order.map((side) => ({
    side,
    latencies: LatencyHistogram.of(Array.from({ length: 300 }, () => latency(random))),
    ...{ answered: 300, errors: 0, errorsBy: {}, unsent: 0, lag: 1 },
    ...change(side),
  }));
}

const obstacle = (measured: readonly MeasuredBlock[], rate?: number) =>
  obstacleOf(measured, { ...plan, rate }, margins, readingOf(measured, plan, margins, frame, undefined));

test("a sound measurement has no obstacle", () => {
  expect(obstacle(blocks())).toBe(undefined);
  expect(obstacle(blocks(), 600)).toBe(undefined);
});

test("a load generator that is late by more than the margin makes it inconclusive, by less it does not", () => {
  expect(obstacle(blocks(() => ({ lag: 5.1 })))).toMatchObject({
    status: "inconclusive",
    reason: expect.stringMatching(/load generator was late itself, by 5\.1 ms/),
  });
  expect(obstacle(blocks(() => ({ lag: 4.9 })))).toBe(undefined);
});

test("a baseline that can't keep up with the rate says nothing; a candidate that can't is judged by its latencies", () => {
  const late = (slow: Side) => blocks((side) => (side === slow ? { unsent: 60 } : {}));
  expect(meaningless(late("baseline"), { ...plan, rate: 400 }, margins)).toMatch(
    /could not keep up with 400/,
  );
  expect(meaningless(late("candidate"), { ...plan, rate: 400 }, margins)).toBe(undefined);
});

test("one failure in twenty is borne, more are not", () => {
  const failing = (errors: number) =>
    blocks((side) =>
      side === "baseline" ? { errors, answered: 300 - errors, errorsBy: { 503: errors } } : {},
    );
  expect(meaningless(failing(15), plan, margins)).toBe(undefined);
  expect(meaningless(failing(16), plan, margins)).toMatch(
    /5\.3 % of the baseline's requests failed \(503 160 times\)/,
  );
});

test("too few answers: how long would do; where the difference is the margin, that nothing will", () => {
  const wide = (random: ReturnType<typeof randomFrom>) => 10 * Math.exp(random.normal());
  expect(obstacle(blocks(() => ({}), wide))!.reason).toMatch(
    /3,000 answers a side, about [\d,]+ are needed: --duration \d+$/,
  );
  const exact = blocks((side) => ({
    latencies: LatencyHistogram.of(Array(300).fill(side === "baseline" ? 10 : 15)),
  }));
  expect(obstacle(exact)!.reason).toMatch(/no bearable number of requests/);
});

test("errors that are not shown to stay under their margin keep a good P99 from passing", () => {
  const few = blocks((side) =>
    side === "candidate" ? { errors: 1, answered: 299, errorsBy: { 500: 1 } } : {},
  );
  expect(obstacle(few)!.reason).toMatch(
    /errors rose by 0\.33 percentage points .* the margin is 0\.5: at least 539/,
  );
});
