import { differencesOf, integrityRemarks, type ShownComparison, tenantLines } from "../integrity.js";
import { type Html, html } from "./escape.js";
import { figuresTable } from "./figures-table.js";

/** Tables that differ, whose rows do, and what is as it was. */
export function integrityBlock(title: string, tables: readonly ShownComparison[]): Html {
  const figures = differencesOf(tables);
  return html`${figures.rows.length ? figuresTable(title, figures) : ""}
${tables
  .map((table) => ({ table, lines: tenantLines(table) }))
  .filter(({ lines }) => lines.length > 0)
  .map(
    ({ table, lines }) => html`<h3><code>${table.schema}.${table.table}</code></h3>
<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`,
  )}
${integrityRemarks(tables).map((remark) => html`<p class="muted">${remark}</p>`)}`;
}
