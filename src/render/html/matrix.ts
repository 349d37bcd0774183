import { labelsOf, type MatrixCell, worstOf } from "../matrix.js";
import { type Html, html } from "./escape.js";

const signs = { denied: "✓", leaked: "✗", inconclusive: "?", "not applicable": "–" } as const;
const tags = {
  denied: "pass",
  leaked: "fail",
  inconclusive: "inconclusive",
  "not applicable": "skipped",
} as const;

/** Routes by classes of leaks; each cell says its outcome in words too, and why. */
export function matrixTable(title: string, cells: readonly MatrixCell[]): Html {
  const routes = [...new Set(cells.map(({ route }) => route))];
  const labels = labelsOf(cells);
  return html`<h2>${title}: routes by classes of leaks</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Routes by classes of leaks"><table class="matrix">
<thead><tr><th scope="col">Route</th>${labels.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${routes.map(
    (
      route,
    ) => html`<tr><td class="name"><code>${route}</code></td>${labels.map((label) => cellOf(cells.filter((each) => each.route === route && each.label === label)))}</tr>
`,
  )}</tbody></table></div>
<p class="muted">✓ denied, ✗ leaked, ? inconclusive, – not applicable</p>`;
}

function cellOf(cells: readonly MatrixCell[]): Html {
  if (cells.length === 0) return html`<td></td>`;
  const { outcome, reason } = worstOf(cells);
  const words = reason === undefined ? outcome : `${outcome}: ${reason}`;
  return html`<td><span class="tag ${tags[outcome]}" role="img" title="${words}" aria-label="${words}">${signs[outcome]}</span></td>`;
}
