import { comparisonWords, figure, type LoadReading, type LoadSide } from "../findings/load.js";
import type { CheckResult } from "../findings/report.js";
import { grouped } from "./words.js";

/** The reading of a load check that has measured something; undefined for every other check. */
export function loadOf({ id, facts }: CheckResult): LoadReading | undefined {
  const { load } = facts as { load?: LoadReading };
  return id === "load" && load?.blocks.length ? load : undefined;
}

/** What a table says of both sides: a head, and a row of figures a side. */
export function sidesOf({ baseline, candidate }: LoadReading): {
  head: readonly string[];
  rows: readonly (readonly string[])[];
} {
  return {
    head: ["Side", "P50 ms", "P95 ms", "P99 ms", "Max ms", "Req/s", "Requests", "Errors"],
    rows: [rowOf("baseline", baseline), rowOf("candidate", candidate)],
  };
}

function rowOf(name: string, { p50, p95, p99, max, perSecond, requests, errors }: LoadSide): string[] {
  return [
    name,
    ...[p50, p95, p99, max].map((each) => (each === null ? "–" : figure(each))),
    grouped(Math.round(perSecond * 10) / 10),
    grouped(requests),
    errors === 0 ? "0" : `${grouped(errors)} (${((100 * errors) / requests).toFixed(2)} %)`,
  ];
}

/** The comparison in sentences, each on its own. */
export function conclusionsOf(reading: LoadReading): string[] {
  const { errors, errorMargin } = reading;
  const words = comparisonWords(reading);
  return [
    ...(words ? [words] : []),
    ...(errors
      ? [
          `errors of the candidate: ${points(errors.difference)} percentage points (95 % at most ${points(errors.upper)}), the margin is ${errorMargin}: ${errors.verdict}`,
        ]
      : []),
  ];
}

function points(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(2)}`;
}

/** `10 connections, each sends when it is answered; latency is the time from sending to the whole answer` */
export function methodOf({ plan: { connections, rate, order, blockMs, routes } }: LoadReading): string {
  const way =
    rate === null
      ? "each sends when it is answered; a latency is the time from sending to the whole answer"
      : `${rate} requests a second at fixed times; a latency counts the wait for a turn too`;
  return `${routes.join(", ")}; ${order.length} blocks of ${(blockMs / 1000).toFixed(1)} s; ${connections} connections, ${way}`;
}

/** `8.0–9.5`: one bar's range in milliseconds. */
export function rangeOf({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${figure(from)}–${figure(to)}`;
}
