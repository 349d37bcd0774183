import type { Finding } from "../findings/finding.js";
import { type CheckResult, findingsByRule, type Report, sortedFindings } from "../findings/report.js";
import { rules } from "../findings/rules.js";
import { activityTables } from "./activity.js";
import { renderActivity } from "./activity-text.js";
import { commandLines } from "./command-lines.js";
import { distributionOf } from "./distribution.js";
import { renderDistribution } from "./distribution-text.js";
import { indexPlanOf } from "./index-plan.js";
import { renderIndexPlan } from "./index-plan-text.js";
import { indexUsageOf } from "./index-usage.js";
import { renderIndexUsage } from "./index-usage-text.js";
import { indexWorkOf, renderIndexWork } from "./index-work.js";
import { integrityOf, renderIntegrity } from "./integrity.js";
import { loadOf } from "./load.js";
import { renderLoad } from "./load-text.js";
import { matrixOf, renderMatrix } from "./matrix.js";
import { prismaLines } from "./prisma-side.js";
import { hintsOf, reasonListsOf, renderReasons } from "./reasons.js";
import { inDatabase, subjectName } from "./subject.js";
import { textTable } from "./text-table.js";
import { labelled, type Theme } from "./theme.js";
import { unmetLines } from "./unmet.js";
import { displayWidth, duration, foundIn, lookedAt, summarize, valueText, visible, wrap } from "./words.js";
import { renderWorkflows, workflowsOf } from "./workflows.js";

export interface TextOptions {
  /** Every finding with its own remedy, and how each fact was read. */
  readonly verbose: boolean;
}

const shownPerRule = 12;
const shownRemedies = 3;

/**
 * A report for a terminal: findings first, grouped by rule; then the checks; the verdict last, where the eye
 * is when the command ends.
 */
export function renderText(report: Report, theme: Theme, options: TextOptions): string {
  const blocks = [
    ...hintsOf(report).map((hint) => wrap(labelled(theme, "warning", visible(hint)), theme.width)),
    ...report.checks.flatMap((check) => {
      const tables = distributionOf(check);
      if (!tables?.length) return [];
      const body = renderDistribution(tables, theme, options.verbose);
      return [underName(check, body, theme)];
    }),
    ...report.checks.flatMap((check) => {
      const usage = indexUsageOf(check);
      if (!usage) return [];
      const body = renderIndexUsage(usage, theme, options.verbose);
      return [underName(check, body, theme)];
    }),
    ...report.checks.flatMap((check) => {
      const tables = activityTables(check).map((table) => renderActivity(table, theme, options.verbose));
      return tables.length && typeof check.facts.databaseName === "string"
        ? [theme.paint.bold(check.title), ...tables]
        : tables;
    }),
    ...report.checks.flatMap((check) => {
      const tables = integrityOf(check);
      return tables?.length ? [renderIntegrity(tables, theme)] : [];
    }),
    ...report.checks.flatMap((check) => {
      const reading = loadOf(check);
      return reading ? [renderLoad(reading, theme)] : [];
    }),
    ...report.checks.flatMap((check) => {
      const work = indexWorkOf(check);
      return work ? [renderIndexWork(work, theme)] : [];
    }),
    ...report.checks.flatMap((check) => {
      const cells = matrixOf(check);
      return cells ? [renderMatrix(cells, theme)] : [];
    }),
    ...workflowBlock(report, theme),
    ...report.checks.flatMap((check) => {
      const plan = indexPlanOf(check);
      return plan ? [underName(check, renderIndexPlan(plan, theme), theme)] : [];
    }),
    ...findingsByRule(report.checks.filter((check) => options.verbose || !isShownAsPlan(check))).map(
      (group) => renderRule(group, theme, options),
    ),
    ...(report.checks.length ? [renderChecks(report.checks, theme)] : []),
    ...report.checks.filter((check) => check.reason).map((check) => renderReason(check, theme)),
    ...report.checks.flatMap((check) => reasonListsOf(check).map((list) => renderReasons(list, theme))),
    ...(options.verbose ? report.checks.flatMap((check) => renderFacts(check, theme)) : []),
    ...renderGone(report, theme),
    ...readFrom(report, theme),
    renderVerdict(report, theme),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Each proposal says all that its finding says. */
function isShownAsPlan(check: CheckResult): boolean {
  return indexPlanOf(check) !== undefined && check.status === "pass";
}

/** Of several databases, each under its name. */
function underName({ title, facts }: CheckResult, body: string, { paint }: Theme): string {
  return typeof facts.databaseName === "string" ? `${paint.bold(title)}\n${body}` : body;
}

function workflowBlock({ checks }: Report, theme: Theme): string[] {
  const workflows = workflowsOf(checks);
  return workflows.length ? [renderWorkflows(workflows, theme)] : [];
}

function renderRule(findings: readonly Finding[], theme: Theme, { verbose }: TextOptions): string {
  const [first] = findings;
  const { paint, width, marks } = theme;
  const number = findings.length > 1 ? ` (${findings.length})` : "";
  const name = `${labelled(theme, first!.severity)}  ${paint.bold(first!.rule)}`;
  const title = `${rules[first!.rule].title}${number}`;
  const fits = displayWidth(name) + 2 + displayWidth(title) <= width;
  const head = fits ? `${name}  ${title}` : `${name}\n    ${title}`;
  const shown = verbose ? findings : findings.slice(0, shownPerRule);
  const lines = shown.flatMap((finding) => [
    wrap(`${visible(inDatabase(finding.subject, finding.message))}${placeOf(finding)}`, width, "    "),
    ...unmetLines(finding).map((line) => wrap(visible(line), width, "      ")),
    ...reproduction(finding, theme),
    ...(verbose ? [...evidenceLines(finding, theme), ...remedyLines(finding, theme)] : []),
  ]);
  const hidden = findings.length - shown.length;
  if (hidden > 0) lines.push(`    ${paint.dim(`and ${hidden} more: --verbose or --format json shows all`)}`);
  if (!verbose) {
    const remedies = [...new Set(shown.map(({ remedy }) => remedy))];
    lines.push(
      ...remedies
        .slice(0, shownRemedies)
        .map((remedy) => paint.dim(wrap(`${marks.arrow} ${visible(remedy)}`, width, "    "))),
    );
  }
  return [head, ...lines].join("\n");
}

/** Samples and groups that prove it; names of the schema stand in the message already. */
function evidenceLines({ evidence }: Finding, { paint, width }: Theme): string[] {
  return ["sample", "pairs", "tenants"].flatMap((key) => {
    const value = evidence[key];
    if (!Array.isArray(value) || value.length === 0) return [];
    return [paint.dim(wrap(visible(`${key}: ${value.map(valueText).join("; ")}`), width, "      "))];
  });
}

/** The command that shows it again, so that it can be copied. */
function reproduction({ evidence }: Finding, { paint, width }: Theme): string[] {
  if (typeof evidence.curl !== "string") return [];
  return commandLines(visible(evidence.curl), width, "      ").map((line) => paint.dim(line));
}

function placeOf({ subject }: Finding): string {
  return subject.file === undefined ? "" : ` (${visible(subject.file)}:${subject.line})`;
}

function remedyLines(finding: Finding, { paint, width, marks }: Theme): string[] {
  const steps = finding.remedySteps ?? [];
  return [
    paint.dim(wrap(`${marks.arrow} ${visible(finding.remedy)}`, width, "      ")),
    ...steps.map((step) => `        ${visible(step)}`),
    ...prismaLines(finding).map((line) => paint.dim(`        ${visible(line)}`)),
  ];
}

function renderChecks(checks: readonly CheckResult[], theme: Theme): string {
  const rows = checks.map((check) => [
    labelled(theme, check.status),
    check.title,
    foundIn(check),
    duration(check.durationMs),
  ]);
  return textTable(["Status", "Check", "Found", "Time"], rows, theme);
}

function renderReason({ title, status, obstacle, reason }: CheckResult, theme: Theme): string {
  return wrap(`${labelled(theme, obstacle ?? status)}  ${title}: ${visible(reason ?? "")}`, theme.width);
}

/** How each fact is known: `--verbose` prints the scans, their way and why it was chosen. */
function renderFacts({ title, facts }: CheckResult, { paint, width }: Theme): string[] {
  const { scanned = [], proven = [] } = facts as {
    scanned?: { what: string; way: string; why: string; durationMs: number }[];
    proven?: { what: string; by: string }[];
  };
  if (scanned.length === 0 && proven.length === 0) return [];
  const lines = [
    ...scanned.map(({ what, way, why, durationMs }) => `${what}: ${way}, ${duration(durationMs)} (${why})`),
    ...proven.map(({ what, by }) => `${what}: not read, proven by ${by}`),
  ];
  return [`${paint.bold(title)}\n${lines.map((line) => wrap(visible(line), width, "    ")).join("\n")}`];
}

/** What the baseline knows and is not there any more: time to write it anew. */
function renderGone({ gate }: Report, theme: Theme): string[] {
  const gone = gate?.baseline?.gone ?? [];
  if (gone.length === 0) return [];
  const lines = gone.slice(0, shownPerRule).map(({ rule, subject }) => {
    const name = `mended since the baseline: ${rule} ${visible(subjectName(subject))}`;
    return wrap(`${theme.marks.pass} ${name}`, theme.width);
  });
  const hidden = gone.length - lines.length;
  return [[...lines, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join("\n")];
}

/** Which databases were looked at: the first thing to doubt where a report surprises. */
function readFrom(report: Report, { paint, width }: Theme): string[] {
  const names = lookedAt(report);
  const where = report.environment === "default" ? "" : `environment ${visible(report.environment)}, `;
  return names.length ? [paint.dim(wrap(`${where}${names.join("; ")}`, width))] : [];
}

function renderVerdict(report: Report, theme: Theme): string {
  const { summary, verdict } = report;
  const time = Date.parse(report.finishedAt) - Date.parse(report.startedAt);
  const gate =
    report.gate?.failOn === "never" && summary.error + summary.warning > 0 ? "  (--fail-on never)" : "";
  const line = `${labelled(theme, verdict, theme.paint.bold(verdict.toUpperCase()))}  ${summarize(summary)}  in ${duration(time)}${gate}`;
  const [worst] = sortedFindings(report.checks);
  if (!worst) return line;
  const next = `next: tenantctl explain ${worst.rule}`;
  return `${line}\n${theme.paint.dim(next)}`;
}
