import { type Html, html } from "./escape.js";

/** A table of figures under a title: the first column is a name, the others numbers. */
export function figuresTable(
  title: string,
  { head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] },
): Html {
  return html`<h2>${title}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${title} by table"><table>
<thead><tr>${head.map((name, at) => html`<th scope="col"${at === 0 ? "" : html` class="number"`}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(([name, ...cells]) => html`<tr><td class="name"><code>${name}</code></td>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}
