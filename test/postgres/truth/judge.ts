import type { Case } from "./case.js";
import { compare } from "./compare.js";
import { misplaced } from "./places.js";
import type { Outcome } from "./run.js";

/**
 * What is wrong with an audit of a case, in words; nothing where it found all that was planted, nothing else,
 * could see everything, and its verdict and exit code say so.
 */
export function judge(each: Case, outcome: Outcome): string[] {
  const { expected, application } = each;
  const { report, code, findings } = outcome;
  const { missing, extra } = compare(expected, findings);
  const verdict = expected.length > 0 ? "fail" : "pass";
  const exitCode = expected.length > 0 ? 1 : 0;
  const tenant = report.checks.find(({ id }) => id === "registry")?.facts.tenant as
    | { model?: string }
    | undefined;
  return [
    ...missing.map((text) => `planted and not found: ${text}`),
    ...extra.map((text) => `found and not planted: ${text}`),
    ...misplaced(each, findings),
    ...(report.error ? [`the audit could not be done: ${report.error.message}`] : []),
    ...report.checks.flatMap(({ id, status, reason }) =>
      reason ? [`check ${id} is ${status}: ${reason}`] : [],
    ),
    ...(report.verdict === verdict ? [] : [`the verdict is ${report.verdict}, not ${verdict}`]),
    ...(code === exitCode ? [] : [`the exit code is ${code}, not ${exitCode}`]),
    ...(tenant?.model === application.tenant.name ? [] : [`the tenant was taken to be ${tenant?.model}`]),
  ];
}
