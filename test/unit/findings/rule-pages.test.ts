import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isRuleId, type RuleId, ruleIds, rules } from "../../../src/findings/rules.js";

const folder = fileURLToPath(new URL("../../../docs/rules/", import.meta.url));
const readPage = (rule: string) => readFileSync(`${folder}${rule}.md`, "utf8");

const headings = [
  "What it means",
  "Why it matters",
  "How to mend it",
  "When it is by design",
  "Example",
] as const;

test("every rule has its page, every page its rule", () => {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && path !== "README.md")
    .map((path) => path.replaceAll("\\", "/").replace(/\.md$/, ""));
  expect(pages.sort()).toEqual([...ruleIds].sort());
});

test("the index lists every rule once, with its severity", () => {
  const rows = [...readPage("README").matchAll(/^\| \[(\S+)\]\((\S+)\.md\) +\| (\w+) +\| .+ \|$/gm)];
  expect(rows.map(([, rule]) => rule).sort()).toEqual([...ruleIds].sort());
  for (const [, rule, target, severity] of rows) {
    expect(target).toBe(rule);
    expect(severity).toBe(rules[rule as RuleId].severity);
  }
});

describe.each(ruleIds)("%s", (rule) => {
  const page = readPage(rule);
  const prose = proseOf(page);

  test("starts with its id and says how severe it is and how it is known", () => {
    expect(page.startsWith(`# ${rule}\n\n`)).toBe(true);
    const knownFrom = {
      registry: "schema",
      db: "(catalog|rows|statements|connections)",
      isolation: "requests",
      smoke: "workflows",
      load: "requests",
      index: "(catalog|rows|statistics)",
      rollout: "(hosts|journal)",
      notify: "deliveries",
    }[areaOf(rule)];
    expect(page).toMatch(new RegExp(`^Severity: ${rules[rule].severity} · Known from: ${knownFrom}$`, "m"));
  });

  test("has the headings, in order, and nothing empty below one", () => {
    const found = [...prose.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(found).toEqual([...headings]);
    for (const heading of headings) expect(sectionOf(page, heading).length, heading).toBeGreaterThan(40);
  });

  test("reads well on a terminal", () => {
    expect(prose.split("\n").filter((line) => line.length > 78)).toEqual([]);
    expect(prose.replace(/`[^`]*`/g, "")).not.toMatch(/<\/?[a-z]|!\[/i);
    expect(page).not.toMatch(/\p{Emoji_Presentation}|\t| +$/mu);
    expect(page.split("\n").filter((line) => /^\s*```/.test(line)).length % 2).toBe(0);
  });

  test("says how to accept a finding, in the schema and in the config", () => {
    const byDesign = sectionOf(page, "When it is by design");
    // Nothing in the schema speaks of routes or connections, or of work that is to be done.
    const isOfSchema =
      !["isolation", "smoke", "load", "rollout", "notify"].includes(areaOf(rule)) &&
      !["connections", "index-work"].includes(rules[rule].check);
    if (isOfSchema) expect(byDesign).toMatch(new RegExp(`/// tenantctl-ignore ${rule}\\b`));
    expect(byDesign).toContain(`suppress: [{ rule: "${rule}", `);
  });

  test("shows the finding as the tool prints it", () => {
    const example = sectionOf(page, "Example").replace(/\s+/g, " ");
    expect(example).toContain(`${rules[rule].severity} ${rule} ${rules[rule].title}`);
  });

  test("names no rule that does not exist, and related ones at the end", () => {
    const areas = "registry|db|index|isolation|smoke|load|rollout|notify";
    const named = [...page.matchAll(new RegExp(`\\b(?:${areas})/[a-z][a-z-]*\\b`, "g"))].map(([id]) => id);
    expect(named.filter((id) => !isRuleId(id))).toEqual([]);
    expect(page).toMatch(/\nSee also: [^\n]+(\n[^\n]+)?\n$/);
  });
});

function areaOf(rule: RuleId) {
  type Area = "registry" | "db" | "index" | "isolation" | "smoke" | "load" | "rollout" | "notify";
  return rule.split("/")[0] as Area;
}

/** The page without its code blocks. */
function proseOf(page: string): string {
  return page.replace(/^( *)```[\s\S]*?^\1```$/gm, "");
}

function sectionOf(page: string, heading: string): string {
  return (
    page
      .split(/^## /m)
      .find((section) => section.startsWith(`${heading}\n`))
      ?.slice(heading.length) ?? ""
  );
}
