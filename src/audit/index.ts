import type { CheckOutcome } from "../findings/check.js";
import type { FindingDraft, SeverityOverrides } from "../findings/finding.js";
import type { RuleId } from "../findings/rules.js";

/** Registry rules that name the same defect as a database rule on the same table's tenant column. */
const seenTwice: Partial<Record<RuleId, readonly RuleId[]>> = {
  "registry/missing-index": ["db/missing-index", "db/invalid-index"],
  "registry/missing-relation": ["db/missing-foreign-key", "db/wrong-foreign-key-target"],
  "registry/nullable-column": ["db/nullable-column"],
};

/**
 * One defect seen by schema and database is reported once, by the live database: the registry's finding
 * goes where the database has one on the same model and column.
 */
export function reportOnce(
  outcomes: readonly CheckOutcome[],
  severities: SeverityOverrides = {},
): CheckOutcome[] {
  // A rule that is switched off reports nothing, so it takes nothing from its twin.
  const all = outcomes
    .flatMap((outcome) => outcome.drafts)
    .filter((draft) => severities[draft.rule] !== "off");
  return outcomes.map((outcome) => {
    const covered = outcome.drafts.filter((draft) => isSeenByDatabase(draft, all));
    if (covered.length === 0) return outcome;
    return { ...outcome, drafts: outcome.drafts.filter((draft) => !covered.includes(draft)), covered };
  });
}

function isSeenByDatabase(draft: FindingDraft, all: readonly FindingDraft[]): boolean {
  const twins = seenTwice[draft.rule] ?? [];
  return all.some(
    (other) =>
      twins.includes(other.rule) &&
      other.subject.model !== undefined &&
      other.subject.model === draft.subject.model &&
      other.subject.column === draft.subject.column,
  );
}
