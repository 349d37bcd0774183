import type { IndexUsageFacts } from "../../findings/index-usage.js";
import { usageBasis, usageTable } from "../index-usage.js";
import { type Html, html } from "./escape.js";

const figures: ReadonlySet<string> = new Set(["Scans", "Size"]);

/** Every index in a row, sortable, with its statement below its name. */
export function indexUsageBlock(title: string, facts: IndexUsageFacts): Html {
  const { indexUsage } = facts;
  const { head, rows } = usageTable(indexUsage);
  const column = (name: string) =>
    html`<th scope="col"${figures.has(name) ? html` class="number"` : ""}><button type="button">${name}</button></th>`;
  return html`<h2>${title}</h2>
${usageBasis(facts).map((remark) => html`<p class="muted">${remark}</p>`)}
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="sortable">
<thead><tr>${head.map(column)}</tr></thead>
<tbody>${rows.map((cells, at) => {
    const { definition, scans, bytes } = indexUsage[at]!;
    const order: Readonly<Record<string, number>> = { Scans: scans, Size: bytes };
    return html`<tr>${cells.map((cell, position) => {
      const name = head[position]!;
      if (position === 0)
        return html`<td data-sort="${cell}"><code>${cell}</code>${definition ? html`<details><summary>Statement</summary><pre>${definition}</pre></details>` : ""}</td>`;
      return figures.has(name)
        ? html`<td class="number" data-sort="${order[name]!}">${cell}</td>`
        : html`<td>${cell}</td>`;
    })}</tr>
`;
  })}</tbody></table></div>`;
}
