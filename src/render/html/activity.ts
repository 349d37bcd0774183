import type { ActivityTable } from "../activity.js";
import { type Html, html } from "./escape.js";

/** What a server does: its figures, the statements that they are of, and what the figures do not show. */
export function activityBlock({ title, head, rows, texts, remarks, lines }: ActivityTable): Html {
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
  const statements = html`<details><summary>Statements</summary><dl>${texts.map(({ label, text, note }) => html`<dt>${label}</dt><dd><code>${text}</code>${note ? html`<p class="muted">${note}</p>` : ""}</dd>`)}</dl></details>`;
  return html`<h2>${title}</h2>
${rows.length ? table : ""}
${texts.length ? statements : ""}
${remarks.map((remark) => html`<p class="muted">${remark}</p>`)}
${lines.map(({ way, line }) => html`<p class="muted">${way}:</p><pre>${line}</pre>`)}`;
}
