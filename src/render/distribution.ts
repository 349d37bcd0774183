import type { TableDistribution, TenantShare } from "../findings/distribution.js";
import type { CheckResult } from "../findings/report.js";
import { count, grouped, size, visible } from "./words.js";

/** A table's facts as a report has them: without tenants under --no-samples. */
export type ShownDistribution = Omit<TableDistribution, "tenants" | "nothing"> &
  Partial<Pick<TableDistribution, "tenants" | "nothing">>;

/** Tables of a distribution check; undefined for every other check. */
export function distributionOf({ id, facts }: CheckResult): readonly ShownDistribution[] | undefined {
  return id === "distribution" ? (facts.tables as readonly ShownDistribution[] | undefined) : undefined;
}

/** What an overview says of each table: a head, and a row of figures a table. */
export function overviewOf(tables: readonly ShownDistribution[]): {
  head: readonly string[];
  rows: readonly (readonly string[])[];
} {
  const hasGrowth = tables.some(({ growth }) => growth !== undefined);
  const isExact = tables.some(({ basis }) => basis === "scan");
  const hasSchemas = new Set(tables.map(({ schema }) => schema)).size > 1;
  return {
    head: [
      ...["Table", "Rows", "Size"],
      ...(isExact ? ["Tenants", "No rows", "Gini"] : []),
      "Largest",
      ...(hasGrowth ? ["Growth"] : []),
    ],
    rows: tables.map((table) => [
      visible(hasSchemas ? `${table.schema}.${table.table}` : table.table),
      approximate(table.rows, table.rowsError),
      size(table.bytes),
      ...(isExact
        ? [number(table.tenantsWithRows), number(table.tenantsWithNothing), table.gini?.toFixed(2) ?? "–"]
        : []),
      table.topShare === null ? "–" : shareText(table.topShare, table.topShareError),
      ...(hasGrowth ? [change(table)] : []),
    ]),
  };
}

/** What a tenant is called: its name; with its id where two have one name; the id where it has none. */
export function labelsOf(tenants: readonly TenantShare[]): string[] {
  const names = tenants.map(({ name, tenant }) => name?.trim() || tenant);
  return tenants.map(({ tenant }, index) => {
    const isShared = names.filter((name) => name === names[index]).length > 1;
    return visible(isShared && names[index] !== tenant ? `${names[index]} (${tenant})` : names[index]!);
  });
}

/** What the figures do not show: rows that are nobody's, and what the sample did not meet. */
export function remarksOf(table: ShownDistribution): string[] {
  const { rowsWithoutTenant, rowsOfUnknownTenants, unseenBelow } = table;
  return [
    ...(rowsWithoutTenant ? [`${count(rowsWithoutTenant, "row")} without a tenant`] : []),
    ...(rowsOfUnknownTenants ? [`${count(rowsOfUnknownTenants, "row")} of tenants that do not exist`] : []),
    ...(unseenBelow
      ? [`tenants that the sample did not meet have fewer than ${count(unseenBelow, "row")} each`]
      : []),
  ];
}

/** `1,200 rows` of tenants that are not listed; undefined where all are, or where it is not known. */
export function othersOf({
  basis,
  rows,
  rowsWithoutTenant,
  tenants = [],
}: ShownDistribution): string | undefined {
  const others = rows - (rowsWithoutTenant ?? 0) - tenants.reduce((sum, each) => sum + each.rows, 0);
  return others > 0 && basis === "scan" ? count(others, "row") : undefined;
}

/** `+1,200`, `-3 ±40`, `within ±40`, `new`; `?` where the earlier reading does not say. */
export function change({ growth, growthError }: Pick<TenantShare, "growth" | "growthError">): string {
  if (growth === undefined) return "?";
  if (growth === null) return "new";
  if (growthError && Math.abs(growth) <= growthError) return `within ±${grouped(growthError)}`;
  const sign = growth > 0 ? "+" : growth < 0 ? "-" : "";
  return `${sign}${grouped(Math.abs(growth))}${growthError ? ` ±${grouped(growthError)}` : ""}`;
}

function shareText(share: number, error: number | undefined): string {
  return error === undefined ? percent(share) : `${percent(share)} ±${(error * 100).toFixed(1)}`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function approximate(rows: number, error: number | undefined): string {
  if (error === undefined || error === 0) return grouped(rows);
  return `${grouped(rows)} ±${grouped(error)}`;
}

function number(value: number | null): string {
  return value === null ? "–" : grouped(value);
}
