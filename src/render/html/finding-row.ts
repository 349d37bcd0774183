import type { Finding } from "../../findings/finding.js";
import { subjectName } from "../subject.js";
import { type Html, html } from "./escape.js";

const rank = { error: 0, warning: 1, info: 2 } as const;

/** One row of the table of findings: what it is at a glance, the remedy and the evidence when opened. */
export function findingRow(finding: Finding): Html {
  const { severity, rule, subject, message, remedy, remedySteps = [], evidence } = finding;
  const place = subject.file === undefined ? "" : `${subject.file}:${subject.line}`;
  return html`<tr>
<td data-sort="${rank[severity]}"><span class="tag ${severity}">${severity}</span></td>
<td><code>${rule}</code></td>
<td><code>${subjectName(subject)}</code></td>
<td class="message">${message}${place ? html` <span class="muted">(${place})</span>` : ""}
<details><summary>Remedy and evidence</summary>
<p>${remedy}</p>
${remedySteps.map((step) => html`<pre>${step}</pre>`)}
${evidenceList(evidence)}
</details></td>
</tr>
`;
}

function evidenceList(evidence: Finding["evidence"]): Html {
  const entries = Object.entries(evidence);
  if (entries.length === 0) return html``;
  return html`<dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${evidenceValue(value)}</dd>`)}</dl>`;
}

function evidenceValue(value: unknown): Html {
  const isTable = Array.isArray(value) && value.length > 0 && value.every(isRecord);
  if (isTable) {
    const columns = Object.keys(value[0] as object);
    return html`<table><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${value.map((row) => html`<tr>${columns.map((column) => html`<td>${text((row as Record<string, unknown>)[column])}</td>`)}</tr>`)}</tbody></table>`;
  }
  return Array.isArray(value)
    ? html`${value.map((item) => html`<code>${text(item)}</code> `)}`
    : html`${text(value)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  if (typeof value === "number") return value.toLocaleString("en-US");
  return typeof value === "string" ? value : JSON.stringify(value);
}
