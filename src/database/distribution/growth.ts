import type { Reading, TableDistribution } from "../../findings/distribution.js";

type Read = Omit<TableDistribution, "growth">;

/** A table's distribution beside the same table's in an earlier reading. */
export function withGrowth(now: Read, earlier: Reading | undefined): TableDistribution {
  if (!earlier) return now;
  const before = tableOf(earlier, now);
  const known = new Map(before?.tenants.map(({ tenant, rows }) => [tenant, rows]));
  return {
    ...now,
    growth: before ? now.rows - before.rows : null,
    tenants: now.tenants.map((share) => {
      const rows = known.get(share.tenant);
      return { ...share, growth: rows === undefined ? null : share.rows - rows };
    }),
  };
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
