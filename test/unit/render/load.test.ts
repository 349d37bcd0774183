import { expect, test } from "vitest";
import { comparisonWords, figure, type LoadReading } from "../../../src/findings/load.js";
import type { CheckResult } from "../../../src/findings/report.js";
import { LatencyHistogram } from "../../../src/load/histogram.js";
import type { MeasuredBlock } from "../../../src/load/measured.js";
import { orderOf } from "../../../src/load/plan.js";
import { readingOf } from "../../../src/load/reading.js";
import { loadBlock } from "../../../src/render/html/load.js";
import { loadOf } from "../../../src/render/load.js";
import { renderLoad } from "../../../src/render/load-text.js";
import { themeFor } from "../../../src/render/theme.js";
import { randomFrom } from "../../support/random.js";

const plan = { connections: 10, rate: undefined, order: orderOf(5, false), blockMs: 1000, warmupMs: 0 };
const frame = {
  urls: { baseline: "http://localhost:1", candidate: "http://localhost:2" },
  routes: ["GET /<script>"],
  tenants: ["a"],
};

/** @param factor of the candidate's latencies */
function reading(median: number, spread: number, factor = 1, perBlock = 5000): LoadReading {
  const random = randomFrom(1);
  const blocks = plan.order.map((side): MeasuredBlock => {
    const latency = () => median * (side === "candidate" ? factor : 1) * Math.exp(spread * random.normal());
    const latencies = LatencyHistogram.of(Array.from({ length: perBlock }, latency));
    return { side, latencies, answered: perBlock, errors: 0, errorsBy: {}, unsent: 0, lag: 0 };
  });
  return readingOf(blocks, plan, { latency: 5, errors: 0.005 }, frame, 1000);
}

const theme = (env: NodeJS.ProcessEnv = {}, columns = 80) =>
  themeFor({ isTerminal: false, columns, env, wantsColor: true });

test.each([
  ["fast and alike", reading(0.3, 0.2)],
  ["slow and wide", reading(500, 1.5)],
  ["from microseconds to minutes", reading(50, 4)],
])("%s: it fits 80 columns, counts every answer, and has no more bars than lines", (_, each) => {
  const text = renderLoad(each, theme());
  for (const line of text.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
  expect(each.histogram.reduce((sum, { baseline }) => sum + baseline, 0)).toBe(each.baseline.requests);
  expect(each.histogram.reduce((sum, { candidate }) => sum + candidate, 0)).toBe(each.candidate.requests);
  expect(each.histogram.length).toBeLessThanOrEqual(48);
  for (const [index, bar] of each.histogram.entries())
    if (index > 0) expect(bar.from).toBe(each.histogram[index - 1]!.to);
});

test("a slower candidate's bars stand lower, and a dumb terminal gets plain characters", () => {
  const text = renderLoad(reading(5, 0.2, 4), theme({ TERM: "dumb" }));
  expect(text).toContain("#");
  expect(text).not.toContain("█");
  const rows = reading(5, 0.2, 4).histogram;
  const peak = (side: "baseline" | "candidate") =>
    rows.findIndex((bar) => bar[side] === Math.max(...rows.map((each) => each[side])));
  // Four times as slow are two doublings, of four bars each.
  expect(peak("candidate") - peak("baseline")).toBe(8);
});

test("the verdict in words, with the bound that decides it", () => {
  expect(comparisonWords(reading(10, 0.1))).toMatch(
    /^P99 of the candidate is 12\.\d ms against 12\.\d ms: [+-]0\.\d\d ms \(95 % at most [+-]0\.\d\d ms\), under 5 ms: pass$/,
  );
  expect(comparisonWords(reading(10, 0.1, 3))).toMatch(/\(95 % at least \+2\d\.\d ms\), over 5 ms: fail$/);
  expect(comparisonWords(reading(10, 1, 1, 100))).toMatch(
    /\(95 % between .* the margin is 5 ms: inconclusive$/,
  );
  expect([0.123, 9.96, 123.4, 12_345.6].map(figure)).toEqual(["0.12", "10.0", "123", "12,346"]);
});

test("HTML: bars with their counts, everything from outside escaped", () => {
  const page = String(loadBlock("Load", reading(5, 0.2)));
  expect(page).not.toContain("<script>");
  expect(page).toContain("&lt;script&gt;");
  expect(page.match(/<rect/g)).toHaveLength(2 * reading(5, 0.2).histogram.length);
});

test("nothing measured is nothing to draw; a check of another kind neither", () => {
  const empty = readingOf([], plan, { latency: 5, errors: 0.005 }, frame, undefined);
  const check = { id: "load", facts: { load: empty } } as unknown as CheckResult;
  expect(loadOf(check)).toBe(undefined);
  expect(empty.baseline).toMatchObject({ p99: null, requests: 0, perSecond: 0 });
  expect(loadOf({ ...check, id: "isolation" })).toBe(undefined);
});
