import type { BaselineEntry } from "./baseline.js";
import {
  compareFindings,
  type Finding,
  isAtLeast,
  type Severity,
  type SuppressedFinding,
} from "./finding.js";
import type { RuleId } from "./rules.js";

export type Verdict = "pass" | "fail" | "inconclusive" | "error";
export type CheckStatus = Verdict | "skipped";
export type FailOn = "error" | "warning" | "never";

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  /** What was not seen, and why. */
  readonly reason?: string;
  /** What the reason is one of, where findings made the status another. */
  readonly obstacle?: "error" | "inconclusive" | "skipped";
  /** Time of the check's own SQL or requests, in milliseconds, without start-up. */
  readonly durationMs: number;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  readonly suppressed?: readonly SuppressedFinding[];
}

export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "tenantctl"; readonly version: string };
  readonly command: string;
  readonly environment: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly verdict: Verdict;
  readonly summary: Record<Severity | "suppressed", number>;
  readonly checks: readonly CheckResult[];
  readonly gate?: Gate;
  readonly error?: { readonly message: string; readonly hint: string };
}

/** By what the verdict was reached. */
export interface Gate {
  readonly failOn: FailOn;
  readonly required: readonly string[];
  readonly baseline?: {
    readonly file: string;
    /** Findings that it accepted. */
    readonly accepted: number;
    /** What it knows and is not there any more. */
    readonly gone: readonly BaselineEntry[];
  };
}

/**
 * The status of a check from what it found and what it could not do. Findings at or above the bar win:
 * what was not seen can only add to them.
 */
export function checkStatus(
  findings: readonly Finding[],
  failOn: FailOn,
  obstacle?: { status: "error" | "inconclusive" | "skipped" },
): CheckStatus {
  if (findings.some((finding) => failsRun(finding, failOn))) return "fail";
  return obstacle?.status ?? "pass";
}

/** Whether a finding alone fails a run that is judged by `failOn`. */
export function failsRun({ severity }: Finding, failOn: FailOn): boolean {
  return failOn !== "never" && isAtLeast(severity, failOn);
}

/** Of several outcomes, fail beats error beats inconclusive; a report in which nothing ran is no pass. */
export function verdictOf(checks: readonly CheckResult[]): Verdict {
  const statuses = new Set(checks.map((check) => check.status));
  for (const status of ["fail", "error", "inconclusive", "pass"] as const) {
    if (statuses.has(status)) return status;
  }
  return "inconclusive";
}

/** The findings of all checks, worst first. */
export function sortedFindings(checks: readonly CheckResult[]): Finding[] {
  return checks.flatMap(({ findings }) => findings).sort(compareFindings);
}

/** The same, rule by rule. */
export function findingsByRule(checks: readonly CheckResult[]): Finding[][] {
  const groups = new Map<RuleId, Finding[]>();
  for (const finding of sortedFindings(checks)) {
    const group = groups.get(finding.rule);
    if (group) group.push(finding);
    else groups.set(finding.rule, [finding]);
  }
  return [...groups.values()];
}

/** Counts findings by severity over all checks. */
export function summarize(checks: readonly CheckResult[]): Report["summary"] {
  const summary = { error: 0, warning: 0, info: 0, suppressed: 0 };
  for (const check of checks) {
    for (const finding of check.findings) summary[finding.severity] += 1;
    summary.suppressed += check.suppressed?.length ?? 0;
  }
  return summary;
}

export interface ReportHeader {
  readonly version: string;
  readonly command: string;
  readonly environment: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** A finished report from its checks. */
export function buildReport(header: ReportHeader, checks: readonly CheckResult[], gate: Gate): Report {
  return { ...frame(header), verdict: verdictOf(checks), summary: summarize(checks), gate, checks };
}

/** The report of a command that could not do its work: still one valid document. */
export function buildErrorReport(
  header: ReportHeader,
  verdict: "error" | "inconclusive",
  error: { message: string; hint: string },
): Report {
  return { ...frame(header), verdict, summary: summarize([]), checks: [], error };
}

function frame(header: ReportHeader) {
  return {
    schemaVersion: 1,
    tool: { name: "tenantctl", version: header.version },
    command: header.command,
    environment: header.environment,
    startedAt: header.startedAt.toISOString(),
    finishedAt: header.finishedAt.toISOString(),
  } as const;
}
