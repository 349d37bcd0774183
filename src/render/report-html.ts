import { type CheckResult, type Report, sortedFindings } from "../findings/report.js";
import { type ActivityTable, activityTables } from "./activity.js";
import { distributionOf } from "./distribution.js";
import { activityBlock } from "./html/activity.js";
import { distributionBlock } from "./html/distribution.js";
import { Html, html } from "./html/escape.js";
import { factsBlock } from "./html/facts.js";
import { findingRow } from "./html/finding-row.js";
import { indexPlanBlock } from "./html/index-plan.js";
import { indexUsageBlock } from "./html/index-usage.js";
import { integrityBlock } from "./html/integrity.js";
import { loadBlock } from "./html/load.js";
import { matrixTable } from "./html/matrix.js";
import { reasonsBlock } from "./html/reasons.js";
import { script } from "./html/script.js";
import { styles } from "./html/styles.js";
import { workflowsTable } from "./html/workflows.js";
import { indexPlanOf } from "./index-plan.js";
import { indexUsageOf } from "./index-usage.js";
import { integrityOf } from "./integrity.js";
import { loadOf } from "./load.js";
import { matrixOf } from "./matrix.js";
import { hintsOf, reasonListsOf } from "./reasons.js";
import { subjectName } from "./subject.js";
import { duration, foundIn, lookedAt, summarize } from "./words.js";
import { workflowsOf } from "./workflows.js";

/** A report as one HTML file: no request, no font, nothing from outside; all text from the database escaped. */
export function renderHtml(report: Report, subtitle = ""): string {
  const findings = sortedFindings(report.checks);
  const title = `tenantctl ${report.command}: ${report.verdict}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Html(styles)}</style>
</head>
<body>
<main>
<h1>tenantctl ${report.command}</h1>
<p class="muted">${subtitle ? `${subtitle} · ` : ""}environment ${report.environment} · ${report.startedAt.replace("T", " ").slice(0, 19)} UTC · tenantctl ${report.tool.version}</p>
${lookedAt(report).map((name) => html`<p class="muted">${name}</p>`)}
${verdict(report)}
${hintsOf(report).map((hint) => html`<p class="hint">${hint}</p>`)}${report.error ? errorBlock(report.error) : ""}
${report.checks.length ? checksTable(report.checks) : ""}
${report.checks.map((check) => {
  const tables = distributionOf(check);
  const reading = loadOf(check);
  if (reading) return loadBlock(check.title, reading);
  const compared = integrityOf(check);
  if (compared) return integrityBlock(check.title, compared);
  const plan = indexPlanOf(check);
  if (plan) return indexPlanBlock(check.title, plan);
  const usage = indexUsageOf(check);
  if (usage) return indexUsageBlock(check.title, usage);
  return tables?.length ? distributionBlock(check.title, tables) : "";
})}${report.checks.map((check) => activityTables(check).map((table) => activityBlock(inTitle(check, table))))}
${report.checks.map((check) => {
  const cells = matrixOf(check);
  return cells ? matrixTable(check.title, cells) : "";
})}
${report.checks.flatMap(reasonListsOf).map(reasonsBlock)}${workflowsBlock(report)}${findings.length ? findingsTable(findings.length, findings.map(findingRow)) : ""}
${suppressedTable(report.checks)}
${goneTable(report)}
${report.checks.some((check) => Object.keys(check.facts).length) ? html`<h2>What was read</h2>${report.checks.map(factsBlock)}` : ""}
</main>
<script>${new Html(script)}</script>
</body>
</html>
`;
  return page.text;
}

/** Among several databases, each table says which one it is of. */
function inTitle({ facts: { databaseName } }: CheckResult, table: ActivityTable): ActivityTable {
  return databaseName === undefined ? table : { ...table, title: `${table.title} (${databaseName})` };
}

function verdict({ verdict: word, summary, startedAt, finishedAt }: Report): Html {
  const time = duration(Date.parse(finishedAt) - Date.parse(startedAt));
  return html`<div class="verdict ${word}">
<strong>${word.toUpperCase()}</strong>
<span>${summarize(summary)}</span>
<span class="muted">in ${time}</span>
</div>`;
}

function errorBlock({ message, hint }: NonNullable<Report["error"]>): Html {
  return html`<h2>It could not be done</h2><pre>${message}</pre><p>${hint}</p>`;
}

function checksTable(checks: readonly CheckResult[]): Html {
  return html`<h2>Checks</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Checks"><table>
<thead><tr><th scope="col">Status</th><th scope="col">Check</th><th scope="col">Found</th><th scope="col" class="number">Time</th></tr></thead>
<tbody>
${checks.map(
  (check) => html`<tr><td><span class="tag ${check.status}">${check.status}</span></td>
<td>${check.title}${check.reason ? html`<p class="muted">${check.obstacle ? html`<span class="tag ${check.obstacle}">${check.obstacle}</span> ` : ""}${check.reason}</p>` : ""}</td>
<td>${foundIn(check)}</td><td class="number">${duration(check.durationMs)}</td></tr>
`,
)}</tbody></table></div>`;
}

function workflowsBlock({ checks }: Report): Html {
  const workflows = workflowsOf(checks);
  return workflows.length ? workflowsTable(workflows) : html``;
}

function findingsTable(number: number, rows: readonly Html[]): Html {
  const header = (name: string) => html`<th scope="col"><button type="button">${name}</button></th>`;
  return html`<h2>Findings</h2>
<div class="filter" hidden><label for="search">Filter</label><input id="search" type="search" placeholder="rule, table, word…"><span id="shown" class="muted" role="status">${number} shown</span></div>
<div class="scroll" tabindex="0" role="region" aria-label="Findings"><table class="findings sortable">
<thead><tr>${["Severity", "Rule", "Subject", "What was found"].map(header)}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}

function goneTable({ gate }: Report): Html {
  const gone = gate?.baseline?.gone ?? [];
  if (gone.length === 0) return html``;
  return html`<h2>Mended since the baseline</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Findings of the baseline that are gone"><table>
<thead><tr><th scope="col">Rule</th><th scope="col">Subject</th></tr></thead>
<tbody>${gone.map(({ rule, subject }) => html`<tr><td><code>${rule}</code></td><td><code>${subjectName(subject)}</code></td></tr>`)}</tbody></table></div>`;
}

function suppressedTable(checks: readonly CheckResult[]): Html {
  const suppressed = checks.flatMap((check) => check.suppressed ?? []);
  if (suppressed.length === 0) return html``;
  return html`<h2>Suppressed</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Suppressed findings"><table>
<thead><tr><th scope="col">Rule</th><th scope="col">Subject</th><th scope="col">Reason</th><th scope="col">Until</th></tr></thead>
<tbody>${suppressed.map(
    ({ rule, subject, suppression }) =>
      html`<tr><td><code>${rule}</code></td><td><code>${subjectName(subject)}</code></td><td>${suppression.reason}</td><td>${suppression.until ?? "–"}</td></tr>`,
  )}</tbody></table></div>`;
}
