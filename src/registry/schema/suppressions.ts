import { isRuleId } from "../../findings/rules.js";
import type { Comment } from "./blocks.js";
import type { InlineSuppression } from "./types.js";

const marker = /^tenantctl-ignore\b/;
const shape = /^tenantctl-ignore\s+([\w/,\s-]+?)\s*:\s*(.*)$/;
const untilShape = /[,;(]?\s*\buntil:?\s*(\d{4}-\d{2}-\d{2})\)?/;

/**
 * Reads `/// tenantctl-ignore rule: reason` comments, with `until: 2026-12-31` anywhere in the reason.
 * One that can't be understood suppresses nothing, and a note says so.
 */
export function readSuppressions(comments: readonly Comment[], file: string, notes: string[]) {
  const suppressions: InlineSuppression[] = [];
  for (const { text, line } of comments) {
    if (!marker.test(text)) continue;
    const [, rulesText = "", rest = ""] = shape.exec(text) ?? [];
    const until = untilShape.exec(rest)?.[1];
    const reason = rest.replace(untilShape, "").trim();
    const named = rulesText
      .split(",")
      .map((rule) => rule.trim())
      .filter(Boolean);
    const unknown = named.filter((rule) => !isRuleId(rule));
    if (named.length === 0 || reason === "" || unknown.length > 0) {
      const why = unknown.length ? `no rule is called ${unknown.join(", ")}` : "it needs a rule and a reason";
      notes.push(`${file}:${line}: this tenantctl-ignore suppresses nothing: ${why}`);
      continue;
    }
    for (const rule of named) suppressions.push({ rule, reason, file, line, ...(until ? { until } : {}) });
  }
  return suppressions;
}
