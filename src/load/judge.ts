import type { Obstacle } from "../findings/check.js";
import {
  comparisonWords,
  type ErrorComparison,
  type LatencyComparison,
  type LoadReading,
  type LoadVerdict,
} from "../findings/load.js";
import { grouped } from "../findings/numbers.js";
import { fewestPairs, measureDegradation, type Pair } from "./degradation.js";
import {
  answersForErrors,
  answersStillRequired,
  errorOfOneAnswer,
  fewestAnswers,
  fewestInBlock,
} from "./feasibility.js";
import { totalOf } from "./histogram.js";
import { blocksOf, latenciesOf, type MeasuredBlock, requestsOf, sumOf } from "./measured.js";
import type { LoadPlan, Side } from "./plan.js";
import { compareProportions, designEffectOf } from "./proportions.js";

export interface Margins {
  /** Of P99, in milliseconds. */
  readonly latency: number;
  /** Of the share of errors, as a share. */
  readonly errors: number;
}

/** Above this share of errors, the latencies are those of something else than the application's work. */
const mostErrors = 0.05;
/** Below this share of the rate that was asked for, a side could not keep up. */
const sustained = 0.9;

/** P99 of both sides by pairs of blocks; undefined where there are too few pairs. */
export function compareLatency(
  blocks: readonly MeasuredBlock[],
  margin: number,
): LatencyComparison | undefined {
  const pairs = pairsOf(blocks);
  if (pairs.length < fewestPairs || pairs.some((pair) => pair.baseline.total * pair.candidate.total === 0))
    return undefined;
  const { together, paired, error, lower, upper } = measureDegradation(pairs);
  const answers = fewestAnswersOf(pairs);
  const independent =
    (errorOfOneAnswer(pairs.flatMap((pair) => [pair.baseline, pair.candidate])) ** 2 * 2) / answers;
  return {
    verdict: latencyVerdict(pairs, lower, upper, margin),
    difference: together,
    pairedDifference: paired,
    standardError: error,
    lower,
    upper,
    designEffect: independent > 0 ? error ** 2 / independent : null,
  };
}

function latencyVerdict(pairs: readonly Pair[], lower: number, upper: number, margin: number): LoadVerdict {
  const hasBaseline = isEnough(pairs.map(({ baseline }) => baseline));
  // A candidate that answers slowly answers seldom: its few answers make P99 come out too low, not too high.
  if (hasBaseline && lower > margin) return "fail";
  return hasBaseline && isEnough(pairs.map(({ candidate }) => candidate)) && upper < margin
    ? "pass"
    : "inconclusive";
}

function isEnough(blocks: readonly Pair["baseline"][]): boolean {
  return totalOf(blocks) >= fewestAnswers && blocks.every(({ total }) => total >= fewestInBlock);
}

/** Error rates of both sides. */
export function compareErrors(blocks: readonly MeasuredBlock[], margin: number): ErrorComparison {
  const counts = (side: Side) =>
    blocksOf(blocks, side).map((block) => ({ hits: block.errors, total: requestsOf(block) }));
  const whole = (side: Side) => ({
    hits: sumOf(counts(side), ({ hits }) => hits),
    total: sumOf(counts(side), ({ total }) => total),
  });
  const designEffect = Math.max(designEffectOf(counts("baseline")), designEffectOf(counts("candidate")));
  const { difference, lower, upper } = compareProportions(
    whole("baseline"),
    whole("candidate"),
    designEffect,
  );
  const verdict = lower > margin ? "fail" : upper < margin ? "pass" : "inconclusive";
  return { verdict, difference: 100 * difference, lower: 100 * lower, upper: 100 * upper };
}

/**
 * Why the measurement decides nothing, the weightiest reason first; undefined where it decides. What makes the
 * latencies meaningless goes before what makes them too few.
 */
export function obstacleOf(
  blocks: readonly MeasuredBlock[],
  plan: LoadPlan,
  margins: Margins,
  reading: LoadReading,
): Obstacle | undefined {
  const reason =
    meaningless(blocks, plan, margins) ??
    tooFew(blocks, plan, margins, reading) ??
    unsureOfErrors(reading, margins);
  return reason === undefined ? undefined : { status: "inconclusive", reason };
}

/** Why the latencies are not those of the application at this load. */
export function meaningless(
  blocks: readonly MeasuredBlock[],
  plan: LoadPlan,
  margins: Margins,
): string | undefined {
  for (const side of ["baseline", "candidate"] as const) {
    const mine = blocksOf(blocks, side);
    const errors = sumOf(mine, (block) => block.errors);
    const requests = sumOf(mine, requestsOf);
    if (requests === 0) return `the ${side} answered nothing`;
    if (errors / requests > mostErrors)
      return `${percent(errors / requests)} of the ${side}'s requests failed (${mostFrequent(mine)}): latencies say nothing about working requests`;
    const due = requests + sumOf(mine, ({ unsent }) => unsent);
    if (plan.rate !== undefined && requests / due < sustained && side === "baseline")
      return `the baseline could not keep up with ${plan.rate} requests a second: ${percent(requests / due)} of them were sent; lower --rate`;
  }
  const lag = sumOf(blocks, (block) => block.lag) / blocks.length;
  if (lag > margins.latency)
    return `the load generator was late itself, by ${lag.toFixed(1)} ms (P99), more than the margin: lower --connections or --rate, or give it a machine of its own`;
  return undefined;
}

function tooFew(
  blocks: readonly MeasuredBlock[],
  plan: LoadPlan,
  { latency: margin }: Margins,
  reading: LoadReading,
): string | undefined {
  const { latency } = reading;
  if (latency && latency.verdict !== "inconclusive") return undefined;
  const answers = answersOf(blocks);
  if (!latency) return `${blocks.length} blocks with ${answers} answers a side are too few to compare`;
  const words = comparisonWords(reading)!;
  const needed = answersNeeded(blocks, latency, margin);
  const isUndecidable = margin > latency.lower && margin < latency.upper && latency.standardError === 0;
  if (isUndecidable || !(needed < mostGrowth * answers))
    return `${words}: the difference is so close to the margin that no bearable number of requests tells them apart`;
  const seconds = Math.ceil(((blocks.length * plan.blockMs) / 1000) * (needed / answers));
  return `${words}: ${grouped(answers)} answers a side, about ${grouped(needed)} are needed: --duration ${seconds}`;
}

/** Answers a side that decide, going by what was measured; no number where the difference is the margin. */
export function answersNeeded(
  blocks: readonly MeasuredBlock[],
  { standardError, pairedDifference, verdict }: LatencyComparison,
  margin: number,
): number {
  const answers = answersOf(blocks);
  const distance = Math.abs(margin - pairedDifference);
  return Math.max(
    // Half as many again at least: whoever is told this has just seen that so many did not do.
    verdict === "inconclusive" ? Math.ceil(1.5 * answers) : 0,
    answersStillRequired(standardError, answers, distance, blocks.length / 2),
    Math.ceil((fewestInBlock * answers) / Math.max(1, smallestBlock(blocks))),
  );
}

/** Of the side that has fewer. */
function answersOf(blocks: readonly MeasuredBlock[]): number {
  const sides = ["baseline", "candidate"] as const;
  return Math.min(...sides.map((side) => totalOf(latenciesOf(blocks, side))));
}

/** A hundred times as long is no advice. */
const mostGrowth = 100;

function smallestBlock(blocks: readonly MeasuredBlock[]): number {
  return Math.min(...blocks.map(({ latencies }) => latencies.total));
}

function unsureOfErrors({ errors }: LoadReading, margins: Margins): string | undefined {
  if (errors?.verdict !== "inconclusive") return undefined;
  return `errors rose by ${errors.difference.toFixed(2)} percentage points (95 % at most ${errors.upper.toFixed(2)}), the margin is ${100 * margins.errors}: at least ${grouped(answersForErrors(margins.errors))} requests a side are needed; raise --duration`;
}

/** Blocks in twos, in the order that they were measured in. */
export function pairsOf(blocks: readonly MeasuredBlock[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at + 1 < blocks.length; at += 2) {
    const two = blocks.slice(at, at + 2);
    const [baseline] = latenciesOf(two, "baseline");
    const [candidate] = latenciesOf(two, "candidate");
    pairs.push({ baseline: baseline!, candidate: candidate! });
  }
  return pairs;
}

function fewestAnswersOf(pairs: readonly Pair[]): number {
  return Math.min(
    totalOf(pairs.map(({ baseline }) => baseline)),
    totalOf(pairs.map(({ candidate }) => candidate)),
  );
}

/** `503 412 times` */
function mostFrequent(blocks: readonly MeasuredBlock[]): string {
  const sums = new Map<string, number>();
  for (const { errorsBy } of blocks)
    for (const [name, number] of Object.entries(errorsBy)) sums.set(name, (sums.get(name) ?? 0) + number);
  const [name, number] = [...sums].sort(([, left], [, right]) => right - left)[0]!;
  return `${name} ${number} times`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
