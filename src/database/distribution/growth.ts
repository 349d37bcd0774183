import type { Reading, TableDistribution, TenantShare } from "../../findings/distribution.js";

type Read = Omit<TableDistribution, "growth" | "growthError">;

interface Growth {
  readonly growth?: number | null;
  readonly growthError?: number;
}

/**
 * A table's distribution beside the same table's in an earlier reading: tenants of either, those that have
 * nothing left too.
 */
export function withGrowth(now: Read, earlier: Reading | undefined): TableDistribution {
  if (!earlier) return now;
  const before = tableOf(earlier, now);
  if (!before)
    return { ...now, growth: null, tenants: now.tenants.map((share) => ({ ...share, growth: null })) };
  const known = new Map(before.tenants.map((share) => [share.tenant, share]));
  const listed = new Set(now.tenants.map(({ tenant }) => tenant));
  // Every tenant of the earlier list was looked for: of an exact reading, one that is not there has no rows.
  const lost = now.basis === "scan" ? before.tenants.filter(({ tenant }) => !listed.has(tenant)) : [];
  return {
    ...now,
    ...grown(now.rows, now.rowsError ?? 0, before.rows, before.rowsError ?? 0),
    tenants: [
      ...now.tenants.map((share) => ({ ...share, ...shareGrowth(share, known.get(share.tenant), before) })),
      ...lost.map((share) => ({
        ...{ tenant: share.tenant, name: share.name, rows: 0, share: 0, bytes: 0 },
        ...grown(0, 0, share.rows, errorOf(share)),
      })),
    ],
  };
}

function shareGrowth(share: TenantShare, known: TenantShare | undefined, before: TableDistribution): Growth {
  if (known) return grown(share.rows, errorOf(share), known.rows, errorOf(known));
  // A list that was cut says nothing of those that it left out.
  return isWhole(before) ? { growth: null } : {};
}

function isWhole({ basis, tenants, tenantsWithRows }: TableDistribution): boolean {
  return (
    basis === "scan" &&
    tenantsWithRows !== null &&
    tenants.filter(({ rows }) => rows > 0).length >= tenantsWithRows
  );
}

function grown(rows: number, error: number, before: number, errorBefore: number): Growth {
  const growthError = error + errorBefore;
  return { growth: rows - before, ...(growthError > 0 ? { growthError } : {}) };
}

function errorOf({ rows, low = rows, high = rows }: TenantShare): number {
  return Math.max(high - rows, rows - low);
}

/** Tenants that the earlier reading lists for a table: they are looked at again. */
export function listedBefore(
  earlier: Reading | undefined,
  table: { schema: string; table: string },
): string[] {
  return earlier ? (tableOf(earlier, table)?.tenants.map(({ tenant }) => tenant) ?? []) : [];
}

function tableOf({ tables }: Reading, { schema, table }: { schema: string; table: string }) {
  return tables.find((each) => each.schema === schema && each.table === table);
}
