import type { Finding, Subject, SuppressedFinding } from "./finding.js";

/** An accepted fact: which findings it covers, why, and until when (ISO date, inclusive). */
export interface Suppression {
  readonly rule: string;
  /** It covers a finding whose subject agrees with every key of one of these. */
  readonly subjects: readonly Subject[];
  readonly reason: string;
  readonly until?: string | undefined;
}

/** Splits findings into those that count and those that somebody accepted. */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  today: Date,
): { findings: Finding[]; suppressed: SuppressedFinding[] } {
  const inForce = suppressions.filter((suppression) => !isOver(suppression, today));
  const kept: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of findings) {
    const by = inForce.find((suppression) => covers(suppression, finding));
    if (!by) kept.push(finding);
    else
      suppressed.push({
        ...finding,
        suppression: { reason: by.reason, ...(by.until ? { until: by.until } : {}) },
      });
  }
  return { findings: kept, suppressed };
}

/** True where the end date has passed: the finding counts again. */
export function isOver({ until }: Pick<Suppression, "until">, today: Date): boolean {
  return until !== undefined && until < today.toISOString().slice(0, 10);
}

/** Whether a suppression is about a finding. */
export function covers(suppression: Suppression, finding: Finding): boolean {
  if (suppression.rule !== finding.rule) return false;
  return suppression.subjects.some((subject) =>
    Object.entries(subject).every(([key, value]) => {
      const found = finding.subject[key as keyof Subject];
      return found === value || (key === "column" && sorted(String(found)) === sorted(String(value)));
    }),
  );
}

/** Columns of a composite key, in an order that does not depend on how it lists them. */
function sorted(columns: string): string {
  return columns.split(", ").sort().join(", ");
}
