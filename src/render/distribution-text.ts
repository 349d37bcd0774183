import type { TenantShare } from "../findings/distribution.js";
import { change, othersOf, overviewOf, percent, remarksOf, type ShownDistribution } from "./distribution.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { count, displayWidth, grouped, shorten, size, visible, wrap } from "./words.js";

const chartsWithoutVerbose = 3;

/** All tables in one overview, then a bar chart for each of the largest. */
export function renderDistribution(
  tables: readonly ShownDistribution[],
  theme: Theme,
  verbose: boolean,
): string {
  const shown = verbose ? tables : tables.slice(0, chartsWithoutVerbose);
  const charts = shown.filter(({ tenants }) => tenants?.length).map((table) => chart(table, theme));
  const left = tables.slice(shown.length).filter(({ tenants }) => tenants?.length).length;
  const more = left ? [theme.paint.dim(`and ${count(left, "more chart")}: --verbose or --table NAME`)] : [];
  return [overview(tables, theme), ...charts, ...more].join("\n\n");
}

function overview(tables: readonly ShownDistribution[], theme: Theme): string {
  const { head, rows } = overviewOf(tables);
  const named = rows.map((cells, index) => [visible(tables[index]!.table), ...cells]);
  return textTable(["Table", ...head], named, theme);
}

function chart(table: ShownDistribution, theme: Theme): string {
  const { tenants = [] } = table;
  const labels = tenants.map(({ name, tenant }) => visible(name ?? tenant));
  const labelWidth = Math.min(28, Math.max(...labels.map(displayWidth)));
  const figures = aligned(tenants.map(figuresOf));
  const figureWidth = Math.max(...figures.map(displayWidth));
  const barWidth = Math.max(8, Math.min(30, theme.width - labelWidth - figureWidth - 8));
  const most = Math.max(...tenants.map((each) => each.rows), 1);
  const lines = tenants.map((each, index) => {
    const label = shorten(labels[index]!, labelWidth);
    const pad = " ".repeat(labelWidth - displayWidth(label));
    const bar = barOf(each.rows / most, barWidth, theme);
    return `  ${label}${pad}  ${bar}  ${figures[index]}`.trimEnd();
  });
  const others = othersOf(table);
  if (others) lines.push(theme.paint.dim(`  others: ${others}`));
  return [
    theme.paint.bold(visible(`${table.schema}.${table.table}`)),
    ...lines,
    ...remarksOf(table).map((remark) => wrap(remark, theme.width, "  ")),
  ].join("\n");
}

function figuresOf({ rows, low, high, share, bytes, growth }: TenantShare): string[] {
  const bounds = low === undefined || high === undefined ? [] : [`(${grouped(low)} to ${grouped(high)})`];
  const growing = growth === undefined ? [] : [change(growth)];
  return [grouped(rows), ...bounds, percent(share), size(bytes), ...growing];
}

/** Numbers under numbers, each column as wide as its longest. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) => row.map((cell, at) => cell.padStart(widths[at]!)).join("  "));
}

/** `████▌   ` — the number stands beside it, so a bar says nothing alone. */
function barOf(share: number, width: number, { hasUnicode }: Theme): string {
  const filled = Math.max(1, Math.round(share * width));
  return (hasUnicode ? "█" : "#").repeat(filled).padEnd(width);
}
