import type { TableDistribution, TenantShare } from "../findings/distribution.js";
import type { CheckResult } from "../findings/report.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { count, displayWidth, grouped, shorten, size, visible, wrap } from "./words.js";

/** A table's facts as a report has them: without tenants under --no-samples. */
export type ShownDistribution = Omit<TableDistribution, "tenants" | "nothing"> &
  Partial<Pick<TableDistribution, "tenants" | "nothing">>;

const chartsWithoutVerbose = 3;

/** Tables of a distribution check; undefined for every other check. */
export function distributionOf({ id, facts }: CheckResult): readonly ShownDistribution[] | undefined {
  return id === "distribution" ? (facts.tables as readonly ShownDistribution[] | undefined) : undefined;
}

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
  const hasGrowth = tables.some(({ growth }) => growth !== undefined);
  const isExact = tables.every(({ basis }) => basis === "scan");
  const head = [
    "Table",
    "Rows",
    "Size",
    ...(isExact ? ["Tenants", "No rows", "Gini"] : []),
    "Largest",
    ...(hasGrowth ? ["Growth"] : []),
  ];
  const rows = tables.map((table) => [
    visible(table.table),
    approximate(table.rows, table.rowsError),
    size(table.bytes),
    ...(isExact
      ? [number(table.tenantsWithRows), number(table.tenantsWithNothing), table.gini?.toFixed(2) ?? "–"]
      : []),
    table.topShare === null ? "–" : percent(table.topShare),
    ...(hasGrowth ? [change(table.growth)] : []),
  ]);
  return textTable(head, rows, theme);
}

function chart(table: ShownDistribution, theme: Theme): string {
  const { tenants = [], rows } = table;
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
  const others = rows - tenants.reduce((sum, each) => sum + each.rows, 0);
  if (others > 0 && table.basis === "scan") lines.push(theme.paint.dim(`  others: ${count(others, "row")}`));
  return [
    theme.paint.bold(visible(`${table.schema}.${table.table}`)),
    ...lines,
    ...remarks(table, theme),
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

function remarks(table: ShownDistribution, { width }: Theme): string[] {
  const { rowsWithoutTenant, rowsOfUnknownTenants, unseenBelow } = table;
  const parts = [
    ...(rowsWithoutTenant ? [`${count(rowsWithoutTenant, "row")} without a tenant`] : []),
    ...(rowsOfUnknownTenants ? [`${count(rowsOfUnknownTenants, "row")} of tenants that do not exist`] : []),
    ...(unseenBelow
      ? [`tenants that the sample did not meet have fewer than ${count(unseenBelow, "row")} each`]
      : []),
  ];
  return parts.map((part) => wrap(part, width, "  "));
}

function approximate(rows: number, error: number | undefined): string {
  if (error === undefined || error === 0) return grouped(rows);
  return `${grouped(rows)} ±${grouped(error)}`;
}

function number(value: number | null): string {
  return value === null ? "–" : grouped(value);
}

/** `+1,200`, `-3`, `new` */
function change(growth: number | null | undefined): string {
  if (growth === undefined) return "";
  if (growth === null) return "new";
  return growth > 0 ? `+${grouped(growth)}` : growth < 0 ? `-${grouped(-growth)}` : "0";
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
