import type { Finding, Subject, SuppressedFinding } from "./finding.js";
import type { CheckResult } from "./report.js";
import { type CheckId, isRuleId, rules } from "./rules.js";

/** A finding that was there when the baseline was written. */
export interface BaselineEntry {
  readonly rule: string;
  readonly fingerprint: string;
  /** For a person who reads the file; the fingerprint alone decides. */
  readonly subject: Subject;
  /** Rows that it counted: more than these are a new finding. */
  readonly rows?: number;
}

/** Findings that are known: a run fails only on others. */
export interface Baseline {
  readonly schemaVersion: 1;
  readonly findings: readonly BaselineEntry[];
}

/** Everything that checks found, as the next run may accept it. Stable order, so that it diffs well. */
export function makeBaseline(checks: readonly CheckResult[]): Baseline {
  const entries = checks
    .flatMap(({ findings }) => findings)
    .map(({ rule, fingerprint, subject, evidence }): BaselineEntry => {
      const { host: _host, database: _database, file: _file, line: _line, ...identity } = subject;
      const rows = typeof evidence.rows === "number" ? { rows: evidence.rows } : {};
      return { rule, fingerprint, subject: identity, ...rows };
    });
  return { schemaVersion: 1, findings: entries };
}

/**
 * Reads a baseline file's text.
 *
 * @throws Error that says what is wrong with it.
 */
export function parseBaseline(text: string): Baseline {
  const value = JSON.parse(text) as Partial<Baseline> | null;
  if (typeof value !== "object" || value === null || !Array.isArray(value.findings)) {
    throw new Error('it has no list "findings"');
  }
  if (value.schemaVersion !== 1) throw new Error("it was written by another version of tenantctl");
  for (const [index, entry] of value.findings.entries()) {
    const isEntry = typeof entry?.rule === "string" && /^[0-9a-f]{64}$/.test(entry.fingerprint ?? "");
    if (!isEntry) throw new Error(`its finding number ${index + 1} has no rule and fingerprint`);
  }
  return value as Baseline;
}

/** Splits findings into new ones and those that the baseline knows; each of its entries covers one. */
export function applyBaseline(
  findings: readonly Finding[],
  baseline: Baseline,
): { findings: Finding[]; suppressed: SuppressedFinding[] } {
  const left = [...baseline.findings];
  const fresh: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of findings) {
    const at = left.findIndex((entry) => entry.fingerprint === finding.fingerprint);
    const rows = typeof finding.evidence.rows === "number" ? finding.evidence.rows : 0;
    const known = left[at];
    if (known) left.splice(at, 1);
    if (known && rows <= (known.rows ?? rows)) {
      suppressed.push({ ...finding, suppression: { reason: "known to the baseline", isBaseline: true } });
    } else if (known) {
      const message = `${finding.message}; the baseline knows ${known.rows}`;
      fresh.push({ ...finding, message });
    } else fresh.push(finding);
  }
  return { findings: fresh, suppressed };
}

/**
 * Entries of the baseline that were looked for and are not there any more. Where a check saw only a part,
 * nothing is said of its rules.
 */
export function goneFrom(baseline: Baseline, checks: readonly CheckResult[]): BaselineEntry[] {
  const seen = new Set<CheckId>();
  for (const check of checks) if (check.reason === undefined) seen.add(check.id as CheckId);
  for (const check of checks) if (check.reason !== undefined) seen.delete(check.id as CheckId);
  const found = new Map<string, number>();
  for (const { findings, suppressed = [] } of checks) {
    for (const { fingerprint } of [...findings, ...suppressed])
      found.set(fingerprint, (found.get(fingerprint) ?? 0) + 1);
  }
  return baseline.findings.filter(({ rule, fingerprint }) => {
    const number = found.get(fingerprint) ?? 0;
    if (number > 0) {
      found.set(fingerprint, number - 1);
      return false;
    }
    return !isRuleId(rule) || seen.has(rules[rule].check);
  });
}
