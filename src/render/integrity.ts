import type { CheckResult } from "../findings/report.js";
import type { TableComparison, TenantDifference } from "../findings/snapshot.js";
import { textTable } from "./text-table.js";
import type { Theme } from "./theme.js";
import { count, grouped, visible, wrap } from "./words.js";

/** A table's facts as a report has them: without tenants under --no-samples. */
export type ShownComparison = Omit<TableComparison, "tenants"> & Partial<Pick<TableComparison, "tenants">>;

const shownTenants = 5;

/** Tables of an integrity check; undefined for every other check. */
export function integrityOf({ id, facts }: CheckResult): readonly ShownComparison[] | undefined {
  return id === "integrity" ? (facts.integrity as readonly ShownComparison[] | undefined) : undefined;
}

/** Tables with a difference: a head, and a row of figures a table, the gravest first. */
export function differencesOf(tables: readonly ShownComparison[]): {
  head: readonly string[];
  rows: readonly (readonly string[])[];
} {
  const isWritten = tables.some(({ written }) => written > 0);
  return {
    head: [
      ...["Table", "Before", "Now", "Moved", "Lost", "Added", "Changed"],
      ...(isWritten ? ["Written"] : []),
    ],
    rows: tables
      .filter(isDifferent)
      .map((table) => [
        visible(`${table.schema}.${table.table}`),
        ...[table.rowsBefore, table.rowsNow, table.moved, table.lost, table.added].map(grouped),
        table.changedColumns.length ? `in ${count(table.changedColumns.length, "column")}` : "0",
        ...(isWritten ? [grouped(table.written)] : []),
      ]),
  };
}

function isDifferent(table: ShownComparison): boolean {
  const { state, moved, lost, added, changedColumns, written, tenantsNotCompared } = table;
  const differences = moved + lost + added + changedColumns.length + written + tenantsNotCompared;
  return state !== "compared" || differences > 0;
}

/** Rows of tables that are as they were, and what of tables was not compared. */
export function integrityRemarks(tables: readonly ShownComparison[]): string[] {
  const same = tables.filter((table) => !isDifferent(table));
  const rows = same.reduce((sum, { rowsNow }) => sum + rowsNow, 0);
  return [
    ...(same.length ? [`${count(same.length, "table")} with ${count(rows, "row")}: as before`] : []),
    ...tables
      .filter(({ leftOut }) => leftOut.length > 0)
      .map(({ schema, table, leftOut }) => `${schema}.${table}: columns not compared: ${leftOut.join(", ")}`),
    ...tables
      .filter(({ state }) => state === "new" || state === "gone")
      .map(({ schema, table, state }) => `${schema}.${table}: the table is ${state}`),
  ].map(visible);
}

/** Whose rows differ, a line a tenant. */
export function tenantLines({ tenants = [] }: ShownComparison): string[] {
  const lines = tenants.slice(0, shownTenants).map((each) => visible(tenantLine(each)));
  const more = tenants.length - lines.length;
  return more > 0 ? [...lines, `and ${count(more, "more tenant")}: --format json has them all`] : lines;
}

function tenantLine({ tenant, what, rows, before, now, columns }: TenantDifference): string {
  const name = tenant === null ? "rows without a tenant" : `tenant ${tenant}`;
  const numbers = `${grouped(before)}, now ${grouped(now)}`;
  if (what === "changed") return `${name}: other values in ${(columns ?? []).join(", ")}`;
  if (what === "moved" || what === "replaced")
    return `${name}: as many rows as before, and not the same ones (${numbers})`;
  return `${name}: ${count(rows, "row")} ${what} (${numbers})`;
}

/** Tables that differ, then whose rows do. */
export function renderIntegrity(tables: readonly ShownComparison[], theme: Theme): string {
  const { head, rows } = differencesOf(tables);
  const blocks = tables.flatMap((table) => {
    const lines = tenantLines(table);
    if (lines.length === 0) return [];
    const name = theme.paint.bold(visible(`${table.schema}.${table.table}`));
    return [[name, ...lines.map((line) => wrap(line, theme.width, "  "))].join("\n")];
  });
  return [
    ...(rows.length ? [textTable(head, rows, theme)] : []),
    ...blocks,
    ...(integrityRemarks(tables).length
      ? [
          integrityRemarks(tables)
            .map((line) => wrap(line, theme.width))
            .join("\n"),
        ]
      : []),
  ].join("\n\n");
}
