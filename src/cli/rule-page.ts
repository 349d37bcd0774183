import { readFileSync } from "node:fs";
import type { RuleId } from "../findings/rules.js";

/** A rule's page, Markdown. */
export function rulePage(rule: RuleId): string {
  return readFileSync(new URL(`../../docs/rules/${rule}.md`, import.meta.url), "utf8");
}
