import { Command } from "commander";
import { UsageError } from "../findings/errors.js";
import { nearestName } from "../findings/nearest.js";
import { isRuleId, ruleIds } from "../findings/rules.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { writeResult } from "./output.js";
import { rulePage } from "./rule-page.js";

/** `tenantctl explain <rule>`: the rule's page. */
export function explainCommand(context: Context): Command {
  return new Command("explain")
    .description("what a rule means, why it matters, how to mend it")
    .argument("<rule>", "a rule's id, such as db/missing-index")
    .addHelpText("after", examples("tenantctl explain db/cross-tenant-reference"))
    .action((rule: string) => writeResult(context, undefined, pageOf(rule)));
}

function pageOf(rule: string): string {
  if (!isRuleId(rule)) {
    const nearest = nearestName(rule, ruleIds) ?? ruleIds.find((id) => id.endsWith(`/${rule}`));
    throw new UsageError(
      `there is no rule ${rule}`,
      nearest ? `did you mean tenantctl explain ${nearest}?` : `the rules are ${ruleIds.join(", ")}`,
    );
  }
  return rulePage(rule);
}
