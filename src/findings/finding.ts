import { createHash } from "node:crypto";
import { type RuleId, ruleIds, rules } from "./rules.js";

export type Severity = "error" | "warning" | "info";

/** What a finding is about. `table` is the bare name, unquoted; `references` is `schema.table.column`. */
export interface Subject {
  readonly model?: string | undefined;
  readonly field?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly index?: string | undefined;
  readonly constraint?: string | undefined;
  readonly references?: string | undefined;
  readonly route?: string | undefined;
  readonly workflow?: string | undefined;
  readonly step?: string | undefined;
  /** What kind of statement it is, the same for any values: 16 hexadecimal digits. */
  readonly statement?: string | undefined;
  /** A role of the database. */
  readonly role?: string | undefined;
  /** `server` or `database`: whose limit it is. */
  readonly limit?: string | undefined;
  readonly host?: string | undefined;
  readonly database?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** What keeps Prisma's next migration from undoing a remedy, or colliding with it. */
export interface PrismaSide {
  readonly schema: readonly SchemaEdit[];
  /**
   * SQL of a migration that brings the same to databases made from the migrations alone. On the live database
   * it is marked as run with `prisma migrate resolve --applied`, not run.
   */
  readonly migration: readonly string[];
}

/** Lines to add to a model or to take out of it, or what to change in it, in words. */
export interface SchemaEdit {
  readonly model: string;
  readonly add?: readonly string[];
  /** The line and where it stands: `@@index([tenantId]) (prisma/schema.prisma:42)`. */
  readonly remove?: readonly string[];
  readonly change?: readonly string[];
}

/** One fact that a rule does not allow, as a check states it: severity and fingerprint follow from settings. */
export interface FindingDraft {
  readonly rule: RuleId;
  readonly subject: Subject;
  readonly message: string;
  readonly remedy: string;
  /** Single statements or commands, each runnable alone, in order. */
  readonly remedySteps?: readonly string[] | undefined;
  readonly remedyPrisma?: PrismaSide | undefined;
  readonly evidence?: Readonly<Record<string, unknown>>;
}

export interface Finding extends FindingDraft {
  readonly severity: Severity;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
}

/** A finding that somebody accepted, with the reason. It counts as suppressed and in no verdict. */
export interface SuppressedFinding extends Finding {
  readonly suppression: {
    readonly reason: string;
    readonly until?: string | undefined;
    /** It stands in a baseline, not in config or schema. */
    readonly isBaseline?: true;
  };
}

/** Severity per rule as config has it; `off` drops the rule's findings. */
export type SeverityOverrides = Partial<Record<RuleId, Severity | "off">>;

const placeKeys: ReadonlySet<keyof Subject> = new Set(["host", "database", "file", "line"]);

/**
 * SHA-256 (hex) over the rule and the subject without its place (host, database, file, line), so that a
 * finding keeps its identity when a file is edited above it or the database is restored elsewhere. Where the subject is
 * a host and nothing else, the finding is about that host.
 */
export function fingerprint(rule: string, subject: Subject): string {
  const known = Object.entries(subject).filter(([, value]) => value !== undefined);
  const named = known.filter(([key]) => !placeKeys.has(key as keyof Subject));
  const isOfHost = known.every(([key]) => key === "host");
  const identity = (isOfHost ? known : named).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([rule, identity]))
    .digest("hex");
}

/** Turns drafts into findings: severity from the rule or its override, fingerprint, stable order. */
export function completeFindings(
  drafts: readonly FindingDraft[],
  overrides: SeverityOverrides = {},
): Finding[] {
  const findings: Finding[] = [];
  for (const draft of drafts) {
    const severity = overrides[draft.rule] ?? rules[draft.rule].severity;
    if (severity === "off") continue;
    findings.push({
      rule: draft.rule,
      severity,
      subject: withoutUndefined(draft.subject),
      message: draft.message,
      remedy: draft.remedy,
      ...(draft.remedySteps?.length ? { remedySteps: draft.remedySteps } : {}),
      ...(draft.remedyPrisma ? { remedyPrisma: draft.remedyPrisma } : {}),
      evidence: draft.evidence ?? {},
      fingerprint: fingerprint(draft.rule, draft.subject),
    });
  }
  return findings.sort(compareFindings);
}

const severityRank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };
const ruleRank = new Map<string, number>(ruleIds.map((id, rank) => [id, rank]));

/** Errors first, then by rule in catalogue order, then by subject: the same input gives the same report. */
export function compareFindings(left: Finding, right: Finding): number {
  return (
    severityRank[left.severity] - severityRank[right.severity] ||
    (ruleRank.get(left.rule) ?? 0) - (ruleRank.get(right.rule) ?? 0) ||
    compareText(subjectKey(left.subject), subjectKey(right.subject)) ||
    compareText(left.fingerprint, right.fingerprint)
  );
}

/** True when `severity` reaches the bar at which a report fails. */
export function isAtLeast(severity: Severity, bar: Severity): boolean {
  return severityRank[severity] <= severityRank[bar];
}

function subjectKey(subject: Subject): string {
  const { model, table, field, column, index, constraint } = subject;
  return [model ?? "", table ?? "", field ?? column ?? "", index ?? constraint ?? ""].join("\u0000");
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function withoutUndefined(subject: Subject): Subject {
  return Object.fromEntries(Object.entries(subject).filter(([, value]) => value !== undefined));
}
