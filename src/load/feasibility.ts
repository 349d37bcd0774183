import { fewestPairs, tail } from "./degradation.js";
import { normal80, normal95, student95 } from "./distributions.js";
import { type LatencyHistogram, quantileOf } from "./histogram.js";

/** Ten answers above P99: fewer say nothing of it, whatever the bounds. */
export const fewestAnswers = 1000;
/** Of one block: at least one above P99. */
export const fewestInBlock = 100;

/**
 * Answers a side for a pass in four of five runs where nothing degrades. The standard error of P99 is
 * √(p (1 - p) / n) over the density there (Serfling, Approximation Theorems of Mathematical Statistics, 2.3.3);
 * the density is that of an exponential tail through P95 and P99 of what was seen.
 *
 * @param margin in milliseconds
 * @param designEffect variance between blocks over that of independent requests
 */
export function answersRequired(
  seen: readonly LatencyHistogram[],
  margin: number,
  pairs: number,
  designEffect = 1,
): number {
  const error = errorOfOneAnswer(seen) * Math.SQRT2;
  return required(error ** 2 * designEffect, margin, pairs);
}

/** The same from the standard error that was measured with so many answers a side. */
export function answersStillRequired(
  standardError: number,
  answers: number,
  margin: number,
  pairs: number,
): number {
  return required(standardError ** 2 * answers, margin, pairs);
}

function required(variance: number, margin: number, pairs: number): number {
  const width = student95(Math.max(fewestPairs, pairs) - 1) + normal80;
  return Math.max(fewestAnswers, Math.ceil(variance * (width / margin) ** 2));
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
