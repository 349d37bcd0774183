import type { TableDistribution } from "../findings/distribution.js";
import type { CheckResult } from "../findings/report.js";
import { count, grouped, size } from "./words.js";

/** A table's facts as a report has them: without tenants under --no-samples. */
export type ShownDistribution = Omit<TableDistribution, "tenants" | "nothing"> &
  Partial<Pick<TableDistribution, "tenants" | "nothing">>;

/** Tables of a distribution check; undefined for every other check. */
export function distributionOf({ id, facts }: CheckResult): readonly ShownDistribution[] | undefined {
  return id === "distribution" ? (facts.tables as readonly ShownDistribution[] | undefined) : undefined;
}

/** What an overview says of each table beside its name: a head, and a row of figures a table. */
export function overviewOf(tables: readonly ShownDistribution[]): {
  head: readonly string[];
  rows: readonly (readonly string[])[];
} {
  const hasGrowth = tables.some(({ growth }) => growth !== undefined);
  const isExact = tables.every(({ basis }) => basis === "scan");
  return {
    head: [
      ...["Rows", "Size"],
      ...(isExact ? ["Tenants", "No rows", "Gini"] : []),
      "Largest",
      ...(hasGrowth ? ["Growth"] : []),
    ],
    rows: tables.map((table) => [
      approximate(table.rows, table.rowsError),
      size(table.bytes),
      ...(isExact
        ? [number(table.tenantsWithRows), number(table.tenantsWithNothing), table.gini?.toFixed(2) ?? "–"]
        : []),
      table.topShare === null ? "–" : percent(table.topShare),
      ...(hasGrowth ? [change(table.growth)] : []),
    ]),
  };
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

/** `+1,200`, `-3`, `new`; nothing where there is nothing to compare with. */
export function change(growth: number | null | undefined): string {
  if (growth === undefined) return "";
  if (growth === null) return "new";
  return growth > 0 ? `+${grouped(growth)}` : growth < 0 ? `-${grouped(-growth)}` : "0";
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
