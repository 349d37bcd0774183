import type { Finding } from "./finding.js";
import type { CheckResult } from "./report.js";

/** Evidence and facts that hold customers' data: primary keys, tenants' ids and names, values. */
const dataKeys: ReadonlySet<string> = new Set([
  ...["sample", "tenants", "pairs", "nothing"],
  // What two tenants were answered.
  ...["seen", "attack", "control", "curl"],
  // What a step of a workflow was answered.
  ...["unmet", "exchange"],
  // Objects that a run made and could not delete, by their ids.
  "left",
  // Texts of statements: what is no parameter stands in them as it was sent.
  "query",
  // Whose a connection is, and the name by which it may say so.
  ...["owner", "application"],
  // Rows that a run may have changed, by their ids.
  "differences",
]);

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

/** Texts that show an index; its condition may hold values. */
const definitionKeys: ReadonlySet<string> = new Set(["indexes", "definition", "statements"]);

function withoutCondition(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCondition);
  return typeof value === "string" ? value.replace(/ where .*$/is, " where …") : deeply(value);
}

function without(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(record).filter(([key]) => !dataKeys.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, definitionKeys.has(key) ? withoutCondition(value) : deeply(value)]),
  );
}

function deeply(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deeply);
  return typeof value === "object" && value !== null ? without(value as Record<string, unknown>) : value;
}
