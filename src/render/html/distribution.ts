import type { TenantShare } from "../../findings/distribution.js";
import {
  change,
  labelsOf,
  othersOf,
  overviewOf,
  percent,
  remarksOf,
  type ShownDistribution,
} from "../distribution.js";
import { grouped, shortenAll, size } from "../words.js";
import { type Html, html } from "./escape.js";
import { figuresTable } from "./figures-table.js";

const rowHeight = 26;
const labelWidth = 200;
const barsWidth = 360;
const width = 760;

/** Tables of a distribution check: an overview, and a bar chart for each with tenants to show. */
export function distributionBlock(title: string, tables: readonly ShownDistribution[]): Html {
  return html`${figuresTable(title, overviewOf(tables))}
${tables.filter(({ tenants }) => tenants?.length).map(chart)}`;
}

/** Bars with their figures as text, so that nothing rests on length or colour; bounds of an estimate as whiskers. */
function chart(distribution: ShownDistribution): Html {
  const { schema, table, tenants = [] } = distribution;
  const labels = labelsOf(tenants);
  const cut = shortenAll(labels, 22);
  const most = Math.max(...tenants.map(({ rows, high }) => Math.max(rows, high ?? 0)), 1);
  const scale = (rows: number) => Math.max(1, (Math.min(rows, most) / most) * barsWidth);
  const height = tenants.length * rowHeight;
  const title = `Rows of ${schema}.${table} by tenant`;
  const others = othersOf(distribution);
  const remarks = [...(others ? [`others: ${others}`] : []), ...remarksOf(distribution)];
  return html`<figure><figcaption><code>${schema}.${table}</code>${remarks.map((remark) => ` · ${remark}`)}</figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><svg class="chart" role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${tenants.map((each, index) => bar(each, labels[index]!, cut[index]!, index * rowHeight, scale))}</svg></div></figure>`;
}

function bar(
  { tenant, rows, low, high, share, bytes, ...growth }: TenantShare,
  label: string,
  shown: string,
  top: number,
  scale: (rows: number) => number,
): Html {
  const middle = top + rowHeight / 2;
  const end = labelWidth + 8 + scale(Math.max(rows, high ?? 0));
  const whisker =
    low === undefined || high === undefined
      ? ""
      : html`<line class="whisker" x1="${labelWidth + scale(low)}" x2="${labelWidth + scale(high)}" y1="${middle}" y2="${middle}"/>`;
  return html`<text class="label" x="${labelWidth - 8}" y="${middle}"><title>${label} (${tenant})</title>${shown}</text>
<rect class="bar" x="${labelWidth}" y="${top + 5}" width="${scale(rows).toFixed(1)}" height="${rowHeight - 10}" rx="2"/>${whisker}
<text class="figure" x="${end.toFixed(1)}" y="${middle}">${grouped(rows)} · ${percent(share)} · ${size(bytes)}${growth.growth === undefined ? "" : ` · growth ${change(growth)}`}</text>
`;
}
