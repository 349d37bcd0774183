import { Command } from "commander";
import { UsageError } from "../findings/errors.js";
import { nearestName } from "../findings/nearest.js";
import { isRuleId, ruleIds, rules } from "../findings/rules.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { writeResult } from "./output.js";
import { rulePage } from "./rule-page.js";

/** `tenantctl explain <rule>`: the rule's page. */
export function explainCommand(context: Context): Command {
  return new Command("explain")
    .description("what a rule means, why it matters, how to mend it")
    .argument("[rule]", "a rule's id, such as db/missing-index; none lists them")
    .addHelpText("after", examples("tenantctl explain", "tenantctl explain db/cross-tenant-reference"))
    .action((rule: string | undefined) =>
      writeResult(context, undefined, rule === undefined ? allRules() : pageOf(rule)),
    );
}

/** Every rule with its severity and title, a line each. */
function allRules(): string {
  const widest = Math.max(...ruleIds.map((id) => id.length));
  const lines = ruleIds.map(
    (id) => `${rules[id].severity.padEnd(8)} ${id.padEnd(widest)}  ${rules[id].title}`,
  );
  return `${lines.join("\n")}\n`;
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
