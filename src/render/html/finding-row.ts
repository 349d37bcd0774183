import type { Finding } from "../../findings/finding.js";
import { prismaLines } from "../prisma-side.js";
import { subjectName } from "../subject.js";
import { valueText } from "../words.js";
import { type Html, html } from "./escape.js";
import { recordTable } from "./record-table.js";

const rank = { error: 0, warning: 1, info: 2 } as const;

/** One row of the table of findings: what it is at a glance, the remedy and the evidence when opened. */
export function findingRow(finding: Finding): Html {
  const { severity, rule, subject, message, remedy, remedySteps = [], evidence } = finding;
  const prisma = prismaLines(finding);
  const place = subject.file === undefined ? "" : `${subject.file}:${subject.line}`;
  return html`<tr>
<td data-sort="${rank[severity]}"><span class="tag ${severity}">${severity}</span></td>
<td class="rule"><code>${rule}</code></td>
<td><code>${breakable(subjectName(subject))}</code></td>
<td class="message">${message}${place ? html` <span class="muted">(${place})</span>` : ""}
<details><summary>Remedy and evidence</summary>
<p>${remedy}</p>
${remedySteps.map((step) => html`<pre>${step}</pre>`)}
${prisma.length ? html`<p>So that Prisma's next migration does not collide:</p>` : ""}${prisma.map((line) => html`<pre>${line}</pre>`)}
${evidenceList(evidence)}
</details></td>
</tr>
`;
}

function evidenceList(evidence: Finding["evidence"]): Html {
  const entries = Object.entries(evidence);
  if (entries.length === 0) return html``;
  return html`<dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${name === "curl" ? html`<pre>${value}</pre>` : evidenceValue(value)}</dd>`)}</dl>`;
}

interface ShownExchange {
  readonly as: string;
  readonly request: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly requestBody?: string;
  readonly status: number;
  readonly body: string;
}

function isExchange(value: unknown): value is ShownExchange {
  return typeof value === "object" && value !== null && "request" in value && "status" in value;
}

/** A request and its answer, as they went over the wire. */
function exchangeBlock({ as, request, headers, requestBody, status, body }: ShownExchange): Html {
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${valueText(value)}`);
  const sent = [request, ...lines, ...(requestBody === undefined ? [] : ["", requestBody])].join("\n");
  return html`as ${as}:<pre>${sent}</pre>is answered ${status}:<pre>${body}</pre>`;
}

function evidenceValue(value: unknown): Html {
  if (isExchange(value)) return exchangeBlock(value);
  if (!Array.isArray(value)) return html`${valueText(value)}`;
  const isTable = value.length > 0 && value.every((item) => typeof item === "object" && item !== null);
  return isTable ? recordTable(value) : html`${value.map((item) => html`<code>${valueText(item)}</code> `)}`;
}

/** The same name with places to break a line at, so that no word is broken in its middle. */
function breakable(name: string): Html {
  return html`${name.split(/(?<=[._/])/).map((part) => html`${part}<wbr>`)}`;
}
