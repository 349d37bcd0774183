import type { Finding } from "./finding.js";
import type { CheckResult } from "./report.js";

/** Evidence and facts that hold customers' data: primary keys, tenants' ids and names, values. */
const dataKeys: ReadonlySet<string> = new Set(["sample", "tenants", "pairs"]);

/** The same results without any value from a row: what is left are names of the schema and numbers. */
export function withoutSamples(checks: readonly CheckResult[]): CheckResult[] {
  return checks.map((check) => ({
    ...check,
    facts: without(check.facts),
    findings: check.findings.map(bare),
    ...(check.suppressed ? { suppressed: check.suppressed.map(bare) } : {}),
  }));
}

function bare<Each extends Finding>(finding: Each): Each {
  return { ...finding, evidence: without(finding.evidence) };
}

function without(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !dataKeys.has(key)));
}
