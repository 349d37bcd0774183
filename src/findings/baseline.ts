import type { Finding, Subject, SuppressedFinding } from "./finding.js";
import type { CheckResult } from "./report.js";
import { isRuleId, rules } from "./rules.js";

/** A finding that was there when the baseline was written. */
export interface BaselineEntry {
  readonly rule: string;
  readonly fingerprint: string;
  /** For a person who reads the file; the fingerprint alone decides. */
  readonly subject: Subject;
  /** Where several databases are audited, the one that it is about. */
  readonly database?: string;
  /** Rows that it counted: more than these are a new finding. */
  readonly rows?: number;
}

/** Findings that are known: a run fails only on others. */
export interface Baseline {
  readonly schemaVersion: 1;
  readonly findings: readonly BaselineEntry[];
}

/**
 * Everything that checks found, as the next run may accept it. Stable order, so that it diffs well.
 *
 * @param covered findings that another one stands for in this report, and that would be reported without it
 */
export function makeBaseline(checks: readonly CheckResult[], covered: readonly Finding[] = []): Baseline {
  const found = checks.flatMap(({ findings }) => findings);
  return { schemaVersion: 1, findings: [...found, ...covered].map(entryOf) };
}

function entryOf({ rule, fingerprint, subject, evidence }: Finding): BaselineEntry {
  const { host: _host, database, file: _file, line: _line, ...identity } = subject;
  return {
    ...{ rule, fingerprint, subject: identity },
    ...(database === undefined ? {} : { database }),
    ...(typeof evidence.rows === "number" ? { rows: evidence.rows } : {}),
  };
}

/** The same finding: by its fingerprint, and in the same database. */
function isSame(entry: BaselineEntry, { fingerprint, subject }: Finding): boolean {
  return entry.fingerprint === fingerprint && entry.database === subject.database;
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
    const at = left.findIndex((entry) => isSame(entry, finding));
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
 * Entries of the baseline that were looked for and are not there any more. Nothing is said of a check that did
 * not run on that database or saw only a part of it, nor of a rule that is switched off.
 *
 * @param covered findings that another one stands for
 */
export function goneFrom(
  baseline: Baseline,
  checks: readonly CheckResult[],
  covered: readonly Finding[] = [],
): BaselineEntry[] {
  const left = [
    ...checks.flatMap(({ findings, suppressed = [] }) => [...findings, ...suppressed]),
    ...covered,
  ];
  return baseline.findings.filter((entry) => {
    const at = left.findIndex((finding) => isSame(entry, finding));
    if (at >= 0) left.splice(at, 1);
    return at < 0 && wasLookedFor(entry, checks);
  });
}

function wasLookedFor({ rule, database }: BaselineEntry, checks: readonly CheckResult[]): boolean {
  if (!isRuleId(rule)) return true;
  const meant = checks.filter(({ id, facts }) => id === rules[rule].check && facts.databaseName === database);
  const isOff = meant.some(({ facts: { rulesOff } }) => Array.isArray(rulesOff) && rulesOff.includes(rule));
  return meant.length > 0 && !isOff && meant.every(({ reason }) => reason === undefined);
}
