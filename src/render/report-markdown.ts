import type { Finding, Severity } from "../findings/finding.js";
import { type CheckResult, type CheckStatus, findingsByRule, type Report } from "../findings/report.js";
import { rules } from "../findings/rules.js";
import { type ActivityTable, activityTables } from "./activity.js";
import { distributionOf, overviewOf } from "./distribution.js";
import { indexPlanOf, leftOutOf, planTable } from "./index-plan.js";
import { indexUsageOf, usageBasis, usageTable } from "./index-usage.js";
import { differencesOf, integrityOf, integrityRemarks } from "./integrity.js";
import { conclusionsOf, loadOf, sidesOf } from "./load.js";
import { prismaLines } from "./prisma-side.js";
import { hintsOf, type ReasonList, reasonListsOf } from "./reasons.js";
import { inDatabase, subjectName } from "./subject.js";
import { unmetLines } from "./unmet.js";
import { count, duration, foundIn, summarize, visible } from "./words.js";

/** A comment on a code host holds 65,536 characters; what runs over is counted instead. */
const longest = 60_000;
const shownPerRule = 20;
const shownTables = 100;

const marks: Readonly<Record<CheckStatus | Severity, string>> = {
  pass: "✅",
  fail: "❌",
  error: "❌",
  warning: "⚠️",
  inconclusive: "❔",
  info: "ℹ️",
  skipped: "➖",
};

/** A report for a pull request's comment: the verdict, the checks, then each rule with what it found. */
export function renderMarkdown(report: Report): string {
  const groups = findingsByRule(report.checks);
  const head = [
    `### ${marks[report.verdict]} tenantctl ${report.command}: ${report.verdict}`,
    summaryLine(report),
    ...hintsOf(report).map((hint) => `> ${marks.warning} ${text(hint)}`),
    ...(report.error ? [`**${text(report.error.message)}**`, text(report.error.hint)] : []),
    ...(report.checks.length ? [checksTable(report.checks)] : []),
    ...report.checks.flatMap(reasonListsOf).map(reasonBlock),
    ...gone(report),
    ...report.checks.flatMap(distributionTable),
    ...report.checks.flatMap(loadTable),
    ...report.checks.flatMap((check) => activityTables(check).map(activityTable)),
    ...report.checks.flatMap(integrityTable),
    ...report.checks.flatMap(indexUsageTable),
    ...report.checks.flatMap(indexPlanTable),
  ];
  const blocks = groups.map(ruleBlock);
  const shown: string[] = [];
  let length = head.join("\n\n").length;
  for (const block of blocks) {
    if (length + block.length > longest) break;
    length += block.length + 2;
    shown.push(block);
  }
  const left = groups.slice(shown.length).reduce((sum, group) => sum + group.length, 0);
  const rest = left ? [`…and ${count(left, "more finding")}: they do not fit in a comment.`] : [];
  return `${[...head, ...shown, ...rest].join("\n\n")}\n`;
}

function summaryLine({ summary, environment, startedAt, finishedAt }: Report): string {
  const time = duration(Date.parse(finishedAt) - Date.parse(startedAt));
  return `${summarize(summary)} · environment ${text(environment)} · ${time}`;
}

function checksTable(checks: readonly CheckResult[]): string {
  const rows = checks.map((check) => {
    const word = check.obstacle ? `${check.obstacle}: ` : "";
    const reason = check.reason === undefined ? "" : `: ${word}${text(check.reason)}`;
    return `| ${marks[check.status]} ${check.status} | ${text(check.title)} | ${text(foundIn(check))}${reason} |`;
  });
  return ["| status | check | found |", "|---|---|---|", ...rows].join("\n");
}

/** Rows per table, largest first, of as many tables as a comment has room for. */
function distributionTable(check: CheckResult): string[] {
  const tables = distributionOf(check);
  if (!tables?.length) return [];
  const more = tables.length - shownTables;
  return [
    figuresTable(check.title, overviewOf(tables.slice(0, shownTables))),
    ...(more > 0 ? [`…and ${count(more, "more table")}`] : []),
  ];
}

/** Tables that differ from a snapshot. */
function integrityTable(check: CheckResult): string[] {
  const tables = integrityOf(check) ?? [];
  const { head, rows } = differencesOf(tables);
  return [
    ...(rows.length ? [figuresTable(check.title, { head, rows: rows.slice(0, shownTables) })] : []),
    ...(tables.length ? [integrityRemarks(tables).map(text).join("  \n")] : []),
  ];
}

/** The indexes of a usage check, as many as fit. */
function indexUsageTable(check: CheckResult): string[] {
  const facts = indexUsageOf(check);
  if (!facts) return [];
  const { indexUsage } = facts;
  const more = indexUsage.length - shownTables;
  return [
    figuresTable(check.title, usageTable(indexUsage.slice(0, shownTables))),
    ...(more > 0 ? [`…and ${count(more, "more index", "more indexes")}`] : []),
    usageBasis(facts).map(text).join("  \n"),
  ];
}

/** Both sides of a load check, and what follows. */
function loadTable(check: CheckResult): string[] {
  const reading = loadOf(check);
  return reading
    ? [figuresTable(check.title, sidesOf(reading)), conclusionsOf(reading).map(text).join("  \n")]
    : [];
}

/** What a server does: figures, statements folded away, and what the figures do not show. */
function activityTable({ title, head, rows, texts, remarks, lines }: ActivityTable): string {
  const statements = texts.map(
    ({ label, text: statement, note }) => `${label}: ${statement}${note ? ` (${note})` : ""}`,
  );
  return [
    figuresTable(title, { head, rows }),
    ...(statements.length ? [fold("Statements", "", statements)] : []),
    ...(remarks.length ? [remarks.map(text).join("  \n")] : []),
    ...lines.map(({ way, line }) => fold(way, "", [line])),
  ].join("\n\n");
}

/** The proposals of a plan; their statements stand with the findings. */
function indexPlanTable(check: CheckResult): string[] {
  const facts = indexPlanOf(check);
  if (!facts) return [];
  const { proposals } = facts;
  const more = proposals.length - shownTables;
  return [
    ...(proposals.length ? [figuresTable(check.title, planTable(proposals.slice(0, shownTables)))] : []),
    ...(more > 0 ? [`…and ${count(more, "more proposal")}`] : []),
    ...(facts.notProposed.length ? [leftOutOf(facts).map(text).join("  \n")] : []),
  ];
}

const texts: ReadonlySet<string> = new Set(["Table", "Last used", "Marks"]);

/** A table of figures: the first column is a name, most others are numbers. */
function figuresTable(
  title: string,
  { head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] },
): string {
  const lines = [
    head,
    head.map((name, at) => (at === 0 || texts.has(name) ? "---" : "--:")),
    ...rows.map((row) => row.map(text)),
  ];
  return [`**${text(title)}**`, "", ...lines.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}

/** Each reason once, then its routes. */
function reasonBlock({ word, title, groups }: ReasonList): string {
  const lines = groups.flatMap(({ reason, routes }) => [
    `- ${text(reason)}`,
    ...routes.slice(0, shownPerRule).map((route) => `  - ${name(route)}`),
    ...(routes.length > shownPerRule ? [`  - and ${routes.length - shownPerRule} more`] : []),
  ]);
  return [`**${marks[word]} ${text(title)}**`, lines.join("\n")].join("\n\n");
}

function gone({ gate }: Report): string[] {
  const entries = gate?.baseline?.gone ?? [];
  if (entries.length === 0) return [];
  const names = entries
    .slice(0, shownPerRule)
    .map(({ rule, subject }) => `\`${code(rule)}\` ${name(subjectName(subject))}`);
  return [`Mended since the baseline (${entries.length}): ${names.join(", ")}`];
}

function ruleBlock(findings: readonly Finding[]): string {
  const [first] = findings;
  const shown = findings.slice(0, shownPerRule);
  const steps = shown.flatMap(({ remedySteps = [] }) => remedySteps);
  const prisma = shown.flatMap(prismaLines);
  const more = findings.length - shown.length;
  return [
    `#### ${marks[first!.severity]} ${first!.severity} \`${first!.rule}\` ${text(rules[first!.rule].title)}${findings.length > 1 ? ` (${findings.length})` : ""}`,
    [...shown.map(item), ...(more > 0 ? [`- and ${more} more`] : [])].join("\n"),
    `**Remedy:** ${text(first!.remedy)}`,
    ...(steps.length ? [fold("Statements", "sql", steps)] : []),
    ...(prisma.length ? [fold("Prisma schema and migration", "", prisma)] : []),
  ].join("\n\n");
}

function item(finding: Finding): string {
  const { message, subject } = finding;
  const place = subject.file === undefined ? "" : ` (${name(`${subject.file}:${subject.line}`)})`;
  const unmet = unmetLines(finding).map((line) => `\n  - ${text(line)}`);
  return `- ${text(inDatabase(subject, message))}${place}${unmet.join("")}`;
}

function fold(title: string, language: string, lines: readonly string[]): string {
  const longestRun = Math.max(2, ...[...lines.join("\n").matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return `<details><summary>${title}</summary>\n\n${fence}${language}\n${lines.map(visible).join("\n")}\n${fence}\n\n</details>`;
}

/** Text that stays text: no markup, no HTML, no mention of a person, no line break. */
function text(value: string): string {
  return visible(value)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]#|~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@/g, "&#64;");
}

function name(value: string): string {
  return `\`${code(value)}\``;
}

/** Inside a code span nothing is markup but its own mark. */
function code(value: string): string {
  return visible(value).replace(/`/g, "'").replace(/\|/g, "\\|").replace(/\s+/g, " ");
}
