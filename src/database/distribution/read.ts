import type { Snapshot } from "../../adapters/postgres/snapshot.js";
import type { TableDistribution, TenantShare } from "../../findings/distribution.js";
import type { Audited } from "../audited.js";
import type { CatalogTable } from "../catalog/types.js";
import { partitionsOf } from "../readiness/leading-index.js";
import { parallel } from "../scans/scan.js";
import {
  type Estimate,
  estimateRows,
  type PageSample,
  pagesToSample,
  type SampleTotals,
  unseenBelow,
} from "./estimator.js";
import { exactStatement, sampleStatement } from "./statements.js";
import type { OwnedTable } from "./tables.js";

/** What of a table does not depend on how it is read. */
export interface TableSize {
  readonly bytes: number;
  readonly pages: number;
}

/** Tenants to list: so many of the largest, and these. */
export interface Listed {
  readonly top: number;
  readonly also: readonly string[];
}

type Distribution = Omit<TableDistribution, "durationMs" | "growth">;

interface ExactRow {
  rows: string;
  bytes: string | null;
  rows_without: string;
  rows_of_nobody: string;
  tenants_with_rows: string;
  tenants_with_nothing: string;
  gini: number | null;
  tenants: { tenant: string; name: string | null; rows: number; bytes: number | null }[] | null;
  nothing: string[] | null;
}

/** Reads every row of a table. */
export async function readExactly(
  snapshot: Snapshot,
  audited: Audited,
  owned: OwnedTable,
  { top, also }: Listed,
  size: TableSize,
  measuresBytes: boolean,
  onStart: () => void,
): Promise<Distribution> {
  const sql = exactStatement(audited, owned, measuresBytes);
  const [row] = await snapshot.query<ExactRow & Record<string, unknown>>(sql, [top, also], parallel, onStart);
  const rows = Number(row!.rows);
  const perRow = rows > 0 ? size.bytes / rows : 0;
  const tenants = (row!.tenants ?? []).map(
    (each): TenantShare => ({
      tenant: each.tenant,
      name: each.name,
      rows: each.rows,
      share: rows > 0 ? each.rows / rows : 0,
      bytes: each.bytes ?? Math.round(each.rows * perRow),
    }),
  );
  return {
    ...nameOf(owned),
    basis: "scan",
    rows,
    bytes: size.bytes,
    tenantsWithRows: Number(row!.tenants_with_rows),
    tenantsWithNothing: Number(row!.tenants_with_nothing),
    rowsWithoutTenant: Number(row!.rows_without),
    rowsOfUnknownTenants: Number(row!.rows_of_nobody),
    gini: row!.gini === null ? null : rounded(row!.gini),
    topShare: tenants[0] ? tenants.reduce((most, { share }) => Math.max(most, share), 0) : null,
    tenants,
    nothing: row!.nothing ?? [],
  };
}

interface SampleRow {
  pages: string;
  sampled: string;
  rows: number;
  squares: number;
  most: number;
  tenants: ({ tenant: string | null; name: string | null } & SampleTotals)[] | null;
}

/** Estimates from a sample of pages; a table of few pages is read whole. Partitions are sampled each. */
export async function readSample(
  snapshot: Snapshot,
  audited: Audited,
  owned: OwnedTable,
  { top, also }: Listed,
  size: TableSize,
  tenantCount: number,
  onStart: () => void,
): Promise<Distribution> {
  const parts = leavesOf(owned.table.table, audited);
  const samples: SampleRow[] = [];
  for (const part of parts) {
    const wanted = Math.max(30, Math.round(pagesToSample(size.pages) / parts.length));
    const sql = sampleStatement(audited, owned, part);
    const [row] = await snapshot.query<SampleRow & Record<string, unknown>>(sql, [wanted], {}, onStart);
    samples.push(row!);
  }
  const bounds = tenantCount + 1;
  const totals = combine(
    // All rows together stand on every page that was read.
    samples.map((sample) => estimateOf({ ...sample, pages: Number(sample.sampled) }, sample, bounds)),
  );
  const unseen = samples.map((sample) => unseenBelow(pageSample(sample), bounds));
  const unseenInAll = unseen.reduce((sum, below) => sum + below, 0);
  const byTenant = new Map<string, { name: string | null; estimates: Estimate[]; missed: number }>();
  for (const [index, sample] of samples.entries()) {
    for (const each of sample.tenants ?? []) {
      if (each.tenant === null) continue;
      const known = byTenant.get(each.tenant) ?? { name: each.name, estimates: [], missed: unseenInAll };
      known.estimates.push(estimateOf(each, sample, bounds));
      // Each partition in which the sample did not meet it may hold more.
      known.missed -= unseen[index]!;
      byTenant.set(each.tenant, known);
    }
  }
  const perRow = totals.rows > 0 ? size.bytes / totals.rows : 0;
  const all = [...byTenant].map(([tenant, { name, estimates, missed }]): TenantShare => {
    const { rows, low, high } = combine(estimates);
    const share = totals.rows > 0 ? rows / totals.rows : 0;
    return { tenant, name, rows, low, high: high + missed, share, bytes: Math.round(rows * perRow) };
  });
  all.sort((left, right) => right.rows - left.rows);
  return {
    ...nameOf(owned),
    basis: "estimate",
    rows: totals.rows,
    rowsError: Math.max(totals.high - totals.rows, totals.rows - totals.low),
    bytes: size.bytes,
    tenantsWithRows: null,
    tenantsWithNothing: null,
    rowsWithoutTenant: null,
    rowsOfUnknownTenants: null,
    gini: null,
    topShare: all[0]?.share ?? null,
    ...(all[0] && totals.rows > 0
      ? { topShareError: rounded((all[0].high! - all[0].rows) / totals.rows) }
      : {}),
    tenants: all.filter(({ tenant }, index) => index < top || also.includes(tenant)),
    nothing: [],
    unseenBelow: unseenInAll,
  };
}

function estimateOf(totals: SampleTotals, sample: SampleRow, bounds: number) {
  return estimateRows(totals, pageSample(sample), bounds);
}

function pageSample({ pages, sampled, most }: SampleRow): PageSample {
  return { pages: Number(pages), sampled: Number(sampled), capacity: Math.max(1, most) };
}

/** Independent samples add up, and so do their bounds, if a little too far. */
function combine(estimates: readonly Estimate[]): Estimate {
  const sum = (key: "rows" | "low" | "high") => estimates.reduce((total, each) => total + each[key], 0);
  return { rows: sum("rows"), low: sum("low"), high: sum("high") };
}

function leavesOf(table: CatalogTable, audited: Audited): CatalogTable[] {
  if (table.kind !== "partitioned") return [table];
  return partitionsOf(table, audited).filter(({ kind }) => kind === "table");
}

function nameOf({ table }: OwnedTable) {
  return {
    schema: table.table.schema,
    table: table.table.name,
    model: table.registered?.model.name ?? null,
  };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
