import { createHash } from "node:crypto";
import type { DataSnapshot } from "../../findings/snapshot.js";

/** A tenant's id as a snapshot without customers' data names it. */
export function hashedTenant(tenant: string): string {
  return `sha256:${createHash("sha256").update(tenant).digest("hex").slice(0, 16)}`;
}

/** A row of an invariant's answer as a snapshot without customers' data holds it. */
export function hashedAnswer(row: string): string {
  return createHash("sha256").update(row).digest("hex").slice(0, 32);
}

/** The same snapshot without customers' data, so that it can be compared with one that has none. */
export function bareSnapshot(snapshot: DataSnapshot): DataSnapshot {
  if (snapshot.areTenantsHashed) return snapshot;
  return {
    ...snapshot,
    areTenantsHashed: true,
    invariants: snapshot.invariants.map(({ name, rows }) => ({ name, rows: rows.map(hashedAnswer) })),
    tables: snapshot.tables.map((table) => ({
      ...table,
      groups: table.groups.map((group) => ({
        ...group,
        tenant: group.tenant === null ? null : hashedTenant(group.tenant),
      })),
    })),
  };
}
