import { valueText } from "../words.js";
import { type Html, html } from "./escape.js";

/** Records of the same shape as a table, a column a key. */
export function recordTable(records: readonly Record<string, unknown>[]): Html {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Details"><table class="small">
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${records.map((record) => html`<tr>${columns.map((column) => html`<td>${valueText(record[column])}</td>`)}</tr>`)}</tbody>
</table></div>`;
}
