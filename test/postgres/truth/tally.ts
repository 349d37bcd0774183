import type { RuleId } from "../../../src/findings/rules.js";
import type { Case } from "./case.js";
import { compare } from "./compare.js";
import type { Outcome } from "./run.js";

/** One case and what came of it. */
export interface Run {
  readonly each: Case;
  readonly outcome: Outcome;
  readonly problems: readonly string[];
}

/** How often each rule was planted, and how many of those were found as they were planted. */
export function tally(runs: readonly Run[], rules: readonly RuleId[]) {
  return rules.map((rule) => {
    const ofRule = runs.map(({ each, outcome }) => {
      const planted = each.expected.filter((expected) => expected.rule === rule);
      const found = outcome.findings.filter((finding) => finding.rule === rule);
      return { planted: planted.length, lost: compare(planted, found).missing.length };
    });
    const planted = ofRule.reduce((sum, each) => sum + each.planted, 0);
    const lost = ofRule.reduce((sum, each) => sum + each.lost, 0);
    return {
      rule,
      planted,
      found: planted - lost,
      applications: ofRule.filter((each) => each.planted > 0).length,
    };
  });
}
