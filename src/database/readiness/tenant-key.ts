import type { Audited } from "../audited.js";
import type { AuditedTable } from "../audited-table.js";
import type { CatalogForeignKey, CatalogTable } from "../catalog/types.js";
import { isProof } from "../references.js";
import { partsOf } from "./leading-index.js";

/** How the foreign keys of a table tie one of its columns to the tenants' key. */
export type Tie =
  | { readonly kind: "tied"; readonly by: CatalogForeignKey }
  /** By a composite key that null in another of its columns switches off. */
  | { readonly kind: "partly"; readonly by: CatalogForeignKey }
  | { readonly kind: "elsewhere"; readonly by: CatalogForeignKey }
  | { readonly kind: "none" };

/**
 * Follows foreign keys from a column to the tenants' key: directly, or through a composite key such as
 * `(tenantId, clientId)` to `clients(tenantId, id)` whose tenant column is tied in turn. A composite key
 * holds a row only if none of its columns is null (MATCH SIMPLE), so the others must be NOT NULL. A
 * partitioned table is tied, too, where each of its partitions is.
 */
export function tieToTenant(
  audited: Audited,
  { table }: Pick<AuditedTable, "table">,
  column: string,
  seen: ReadonlySet<string> = new Set(),
): Tie {
  let best: Tie = { kind: "none" };
  if (seen.has(table.id)) return best;
  const parts = partsOf(table, audited).map((part) => tieToTenant(audited, { table: part }, column, seen));
  const [first] = parts;
  if (first && parts.every((tie) => tie.kind === "tied" && isProof(tie.by))) return first;
  for (const by of table.foreignKeys) {
    const at = by.columns.indexOf(column);
    if (at < 0) continue;
    const isTied = reachesTenant(audited, by, by.targetColumns[at]!, new Set([...seen, table.id]));
    if (isTied && holdsAlways(table, by, [column])) return { kind: "tied", by };
    // A constraint that ties it to another table is the sharper fact.
    if (!isTied && by.columns.length === 1) best = { kind: "elsewhere", by };
    else if (isTied && best.kind === "none") best = { kind: "partly", by };
  }
  return best;
}

/** Null in any other of its columns switches a composite key off (MATCH SIMPLE), so they must be NOT NULL. */
export function holdsAlways(table: CatalogTable, by: CatalogForeignKey, columns: readonly string[]): boolean {
  const others = by.columns.filter((column) => !columns.includes(column));
  return (
    by.isMatchFull || others.every((other) => table.columns.find(({ name }) => name === other)?.isNotNull)
  );
}

function reachesTenant(
  audited: Audited,
  by: CatalogForeignKey,
  column: string,
  seen: ReadonlySet<string>,
): boolean {
  if (by.targetId === audited.tenants?.table.id) return column === audited.tenantKey?.name;
  const target = audited.tables.find(({ table }) => table.id === by.targetId);
  return target !== undefined && tieToTenant(audited, target, column, seen).kind === "tied";
}
