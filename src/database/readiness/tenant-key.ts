import type { Audited } from "../audited.js";
import type { AuditedTable } from "../audited-table.js";
import type { CatalogForeignKey, CatalogTable } from "../catalog/types.js";
import { isProof } from "../references.js";
import { partsOf } from "./leading-index.js";

/** How the foreign keys of a table tie one of its columns to the tenants' key. */
export type Tie =
  /** `isProven` where each constraint on the way is sound, so that no row needs a look. */
  | { readonly kind: "tied"; readonly by: CatalogForeignKey; readonly isProven: boolean }
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
  if (first && parts.every((tie) => tie.kind === "tied" && tie.isProven)) return first;
  for (const by of table.foreignKeys) {
    const at = by.columns.indexOf(column);
    if (at < 0) continue;
    const beyond = tieBeyond(audited, by, by.targetColumns[at]!, new Set([...seen, table.id]));
    const tie = asTie(table, by, column, beyond);
    if (rank(tie) > rank(best)) best = tie;
  }
  return best;
}

/** How good a tie is; a constraint that ties it to another table is a sharper fact than half a tie. */
function rank(tie: Tie): number {
  if (tie.kind === "tied") return tie.isProven ? 4 : 3;
  return { none: 0, partly: 1, elsewhere: 2 }[tie.kind];
}

function asTie(table: CatalogTable, by: CatalogForeignKey, column: string, beyond: Beyond): Tie {
  if (beyond === "elsewhere") return by.columns.length === 1 ? { kind: "elsewhere", by } : { kind: "none" };
  if (!holdsAlways(table, by, [column])) return { kind: "partly", by };
  return { kind: "tied", by, isProven: beyond === "proven" && isProof(by) };
}

/** Null in any other of its columns switches a composite key off (MATCH SIMPLE), so they must be NOT NULL. */
export function holdsAlways(table: CatalogTable, by: CatalogForeignKey, columns: readonly string[]): boolean {
  const others = by.columns.filter((column) => !columns.includes(column));
  return (
    by.isMatchFull || others.every((other) => table.columns.find(({ name }) => name === other)?.isNotNull)
  );
}

/** Where a constraint's target column leads in turn: to the tenant, with or without proof, or elsewhere. */
type Beyond = "proven" | "unproven" | "elsewhere";

function tieBeyond(
  audited: Audited,
  by: CatalogForeignKey,
  column: string,
  seen: ReadonlySet<string>,
): Beyond {
  // PostgreSQL lets a foreign key point at unique keys only, and each of the tenants' tells one tenant.
  if (by.targetId === audited.tenants?.table.id) {
    return by.columns.length === 1 || column === audited.tenantKey?.name ? "proven" : "elsewhere";
  }
  const target = audited.tables.find(({ table }) => table.id === by.targetId);
  const tie = target && tieToTenant(audited, target, column, seen);
  if (tie?.kind !== "tied") return "elsewhere";
  return tie.isProven ? "proven" : "unproven";
}
