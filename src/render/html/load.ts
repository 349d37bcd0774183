import type { LoadBar, LoadReading } from "../../findings/load.js";
import { conclusionsOf, methodOf, rangeOf, sidesOf } from "../load.js";
import { grouped } from "../words.js";
import { type Html, html } from "./escape.js";

const rowHeight = 30;
const labelWidth = 120;
const barsWidth = 460;
const width = 700;

/** Both sides of a load check as a table, what follows, their histogram, and the blocks in their order. */
export function loadBlock(title: string, reading: LoadReading): Html {
  const { head, rows } = sidesOf(reading);
  return html`<h2>${title}</h2>
${conclusionsOf(reading).map((words) => html`<p>${words}</p>`)}
<div class="scroll" tabindex="0" role="region" aria-label="${title}: both sides"><table>
<thead><tr>${head.map((name, at) => html`<th scope="col"${at === 0 ? "" : html` class="number"`}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(([name, ...cells]) => html`<tr><td class="name">${name}</td>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`)}</tbody>
</table></div>
<p class="muted">${methodOf(reading)}</p>
${reading.histogram.length ? chart(reading.histogram) : ""}
<details><summary>Blocks in their order</summary>${blockTable(reading)}</details>`;
}

/** Two bars a range of latency, with their counts as text, so that nothing rests on length or colour. */
function chart(bars: readonly LoadBar[]): Html {
  const most = Math.max(...bars.flatMap(({ baseline, candidate }) => [baseline, candidate]));
  const scale = (number: number) =>
    number === 0 ? 0 : Math.max(2, (barsWidth * Math.log(number + 1)) / Math.log(most + 1));
  const height = bars.length * rowHeight;
  const name = "Answers by latency in milliseconds";
  return html`<figure><figcaption>${name}; of each two bars the upper is the <span class="tag skipped">baseline</span>, the lower the <span class="tag info">candidate</span>; lengths are logarithms of the counts</figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="${name}"><svg class="chart" role="img" aria-label="${name}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${bars.map((bar, index) => barPair(bar, index * rowHeight, scale))}</svg></div></figure>`;
}

function barPair(bar: LoadBar, top: number, scale: (number: number) => number): Html {
  const range = rangeOf(bar);
  const one = (number: number, y: number, style: string) =>
    html`<rect class="${style}" x="${labelWidth}" y="${y}" width="${scale(number).toFixed(1)}" height="11" rx="2"/>
<text class="figure small" x="${(labelWidth + 6 + scale(number)).toFixed(1)}" y="${y + 6}">${grouped(number)}</text>`;
  return html`<text class="label" x="${labelWidth - 8}" y="${top + rowHeight / 2}">${range} ms</text>
${one(bar.baseline, top + 3, "bar before")}
${one(bar.candidate, top + 15, "bar")}
`;
}

function blockTable({ blocks }: LoadReading): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Blocks in their order"><table class="small">
<thead><tr>${["Block", "Side", "P50 ms", "P99 ms", "Requests", "Errors", "Generator late by ms"].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${blocks.map(
    ({ side, p50, p99, requests, errors, lag }, index) =>
      html`<tr><td>${index + 1}</td><td>${side}</td><td>${p50 ?? "–"}</td><td>${p99 ?? "–"}</td><td>${grouped(requests)}</td><td>${errors}</td><td>${lag.toFixed(1)}</td></tr>`,
  )}</tbody></table></div>`;
}
