import { grouped } from "../findings/numbers.js";
import { fewestPairs, tail } from "./degradation.js";
import { normal80, normal95, student95 } from "./distributions.js";
import { type LatencyHistogram, quantileOf } from "./histogram.js";
import type { LoadPlan } from "./plan.js";

/** Ten answers above P99: fewer say nothing of it, whatever the bounds. */
export const fewestAnswers = 1000;
/** Of one block: at least one above P99. */
export const fewestInBlock = 100;

/**
 * Answers a side for a pass in four of five runs where nothing degrades. The standard error of P99 is
 * √(p (1 - p) / n) over the density there (Serfling, Approximation Theorems of Mathematical Statistics, 2.3.3);
 * the density is that of an exponential tail through P95 and P99 of what was seen.
 *
 * It takes blocks to be alike; where they differ, it takes more.
 *
 * @param margin in milliseconds
 */
export function answersRequired(seen: readonly LatencyHistogram[], margin: number, pairs: number): number {
  return Math.max(fewestInBlock * pairs, required(2 * errorOfOneAnswer(seen) ** 2, margin, pairs));
}

/** Why a fixed rate can't lead to a verdict, whatever is measured; undefined where it can, or the rate is free. */
export function tooSeldom({ rate, blockMs, order }: LoadPlan): string | undefined {
  if (rate === undefined) return undefined;
  const pairs = order.length / 2;
  const inBlock = Math.floor((rate * blockMs) / 1000);
  const needed = Math.max(fewestInBlock, Math.ceil(fewestAnswers / pairs));
  if (inBlock >= needed) return undefined;
  const seconds = Math.ceil((needed * order.length) / rate);
  return `${rate} requests a second are ${grouped(inBlock)} in a block and ${grouped(inBlock * pairs)} a side; a pass takes ${needed} and ${grouped(needed * pairs)}: --duration ${seconds}, or a higher --rate`;
}

/**
 * The same from the standard error that was measured with so many answers a side.
 *
 * @param distance between the difference and the margin, in milliseconds
 */
export function answersStillRequired(
  standardError: number,
  answers: number,
  distance: number,
  pairs: number,
): number {
  return required(standardError ** 2 * answers, distance, pairs);
}

function required(variance: number, distance: number, pairs: number): number {
  const width = student95(Math.max(fewestPairs, pairs) - 1) + normal80;
  return Math.max(fewestAnswers, Math.ceil(variance * (width / distance) ** 2));
}

/** Standard error of P99 times the root of the number of answers, in milliseconds. */
export function errorOfOneAnswer(seen: readonly LatencyHistogram[]): number {
  const scale = (quantileOf(seen, 1 - tail) - quantileOf(seen, 1 - 5 * tail)) / Math.log(5);
  return (Math.sqrt(tail * (1 - tail)) / tail) * scale;
}

/** Requests a side that show, with no error at all, that errors did not rise by more than a margin (a share). */
export function answersForErrors(margin: number): number {
  return Math.ceil((normal95 ** 2 * (1 - margin)) / margin);
}
