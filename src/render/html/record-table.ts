import { grouped } from "../words.js";
import { type Html, html } from "./escape.js";

/** Records of the same shape as a table, a column a key. */
export function recordTable(records: readonly Record<string, unknown>[]): Html {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Details"><table class="small">
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${records.map((record) => html`<tr>${columns.map((column) => html`<td>${valueText(record[column])}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

/** A value in words: numbers with separators, objects as `name value` pairs. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "number") return grouped(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map(valueText).join(", ") || "none";
  return Object.entries(value)
    .map(([name, item]) => `${name} ${valueText(item)}`)
    .join(", ");
}
