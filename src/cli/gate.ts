import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Baseline, goneFrom, makeBaseline, parseBaseline } from "../findings/baseline.js";
import { UnavailableError, UsageError } from "../findings/errors.js";
import type { Finding } from "../findings/finding.js";
import type { CheckResult, FailOn, Gate } from "../findings/report.js";
import type { CheckId } from "../findings/rules.js";
import type { Context } from "./context.js";

export interface GateOptions {
  readonly failOn: FailOn;
  readonly baseline?: string;
  readonly require?: readonly CheckId[];
  /** A file's name, or true for the usual one. */
  readonly writeBaseline?: string | true;
}

/** Where a baseline is written that no option names. */
const usualBaseline = "tenantctl-baseline.json";

/**
 * The baseline to judge by, if one is named.
 *
 * @throws UsageError where it can't be read: without it, every known finding would fail the run.
 */
export function readBaseline({ cwd }: Context, { baseline }: GateOptions): Baseline | undefined {
  if (baseline === undefined) return undefined;
  const hint = "write it with: tenantctl audit --write-baseline FILE";
  let text: string;
  try {
    text = readFileSync(resolve(cwd, baseline), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `the baseline ${baseline} ${code === "ENOENT" ? "is not there" : `can't be read: ${code}`}`,
      hint,
    );
  }
  try {
    return parseBaseline(text);
  } catch (error) {
    throw new UsageError(`the baseline ${baseline} is none: ${(error as Error).message}`, hint);
  }
}

/** By what the checks were judged, as the report says it. */
export function gateOf(
  options: GateOptions,
  baseline: Baseline | undefined,
  checks: readonly CheckResult[],
  covered: readonly Finding[],
): Gate {
  const accepted = checks
    .flatMap(({ suppressed = [] }) => suppressed)
    .filter(({ suppression }) => suppression.isBaseline).length;
  return {
    failOn: options.failOn,
    required: options.require ?? [],
    ...(baseline && options.baseline !== undefined
      ? { baseline: { file: options.baseline, accepted, gone: goneFrom(baseline, checks, covered) } }
      : {}),
  };
}

/** Writes what was found as the next runs' baseline. */
export function writeBaseline(
  { cwd }: Context,
  { writeBaseline: named, baseline: before }: GateOptions,
  checks: readonly CheckResult[],
  covered: readonly Finding[],
): { readonly file: string; readonly baseline: Baseline } {
  const unseen = checks.find(({ reason, status }) => reason !== undefined && status !== "skipped");
  if (unseen) {
    throw new UnavailableError(
      `no baseline was written, since the audit did not see everything: ${unseen.title}: ${unseen.reason}`,
      "mend that first: what the baseline does not know fails the next run",
    );
  }
  const file = typeof named === "string" ? named : (before ?? usualBaseline);
  const baseline = makeBaseline(checks, covered);
  try {
    writeFileSync(resolve(cwd, file), `${JSON.stringify(baseline, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnavailableError(`can't write ${file}: ${code}`, "check the folder and its permissions");
  }
  return { file, baseline };
}
