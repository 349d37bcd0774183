import { auditCheckIds, ruleIds, rules } from "../../../src/findings/rules.js";

/** The rules that an audit can find broken. */
export const auditRules = ruleIds.filter((rule) => auditCheckIds.some((id) => id === rules[rule].check));
