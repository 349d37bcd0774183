import type { TenantShare } from "../findings/distribution.js";
import {
  change,
  labelsOf,
  othersOf,
  overviewOf,
  percent,
  remarksOf,
  type ShownDistribution,
} from "./distribution.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { count, displayWidth, grouped, shortenAll, size, visible, wrap } from "./words.js";

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
  return textTable(head, rows, theme);
}

const narrowest = 8;

function chart(table: ShownDistribution, theme: Theme): string {
  const { tenants = [] } = table;
  const hasGrowth = tenants.some(({ growth }) => growth !== undefined);
  const labels = labelsOf(tenants);
  const labelWidth = Math.min(28, Math.max(...labels.map(displayWidth)));
  const figures = aligned(tenants.map((share) => figuresOf(share, hasGrowth)));
  const figureWidth = Math.max(...figures.map(displayWidth));
  const left = theme.width - figureWidth - 6;
  // Figures are never cut: where they need the room, the bars go, then parts of the names.
  const barWidth = Math.min(30, left - labelWidth - 2);
  const hasBars = barWidth >= narrowest;
  const room = hasBars ? labelWidth : Math.max(narrowest, Math.min(labelWidth, left + 2));
  const most = Math.max(...tenants.map((each) => each.rows), 1);
  const cut = shortenAll(labels, room);
  const lines = tenants.map((each, index) => {
    const label = cut[index]!;
    const pad = " ".repeat(Math.max(0, room - displayWidth(label)));
    const bar = hasBars ? `${barOf(each.rows / most, barWidth, theme)}  ` : "";
    return `  ${label}${pad}  ${bar}${figures[index]}`.trimEnd();
  });
  const others = othersOf(table);
  if (others) lines.push(theme.paint.dim(`  others: ${others}`));
  return [
    theme.paint.bold(visible(`${table.schema}.${table.table}`)),
    ...lines,
    ...remarksOf(table).map((remark) => wrap(remark, theme.width, "  ")),
  ].join("\n");
}

function figuresOf({ rows, low, high, share, bytes, ...growth }: TenantShare, hasGrowth: boolean): string[] {
  const isExact = low === undefined || high === undefined || low === high;
  const bounds = isExact ? "" : `(${grouped(low)} to ${grouped(high)})`;
  return [grouped(rows), bounds, percent(share), size(bytes), hasGrowth ? change(growth) : ""];
}

/** Numbers under numbers, each column as wide as its longest. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row.flatMap((cell, at) => (widths[at] ? [cell.padStart(widths[at])] : [])).join("  "),
  );
}

/** `████▌   ` — the number stands beside it, so a bar says nothing alone. */
function barOf(share: number, width: number, { hasUnicode }: Theme): string {
  const filled = share > 0 ? Math.max(1, Math.round(share * width)) : 0;
  return (hasUnicode ? "█" : "#").repeat(filled).padEnd(width);
}
