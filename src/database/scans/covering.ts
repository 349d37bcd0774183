import type { CatalogIndex, CatalogTable } from "../catalog/types.js";
import { isUsable } from "../readiness/leading-index.js";

/** Below this, pages that an index-only scan has to visit make it dearer than a scan of the table. */
const freshVisibility = 0.8;

export interface CoveringPair {
  readonly child: CatalogIndex;
  readonly parent: CatalogIndex;
  /** Their visibility maps are fresh enough for index-only scans to pay. */
  readonly isFresh: boolean;
}

/**
 * Indexes on both sides that hold the foreign key and the tenant in the same order, so that a merge of two
 * index-only scans compares them: `(clientId, tenantId)` with `(id, tenantId)`, the tenant also first on
 * both sides, or in INCLUDE.
 *
 * @param pairs child column and parent column, the tenant's pair last
 */
export function coveringIndexes(
  child: CatalogTable,
  parent: CatalogTable,
  pairs: readonly (readonly [string, string])[],
): CoveringPair | undefined {
  const isFresh = Math.min(child.visibleShare, parent.visibleShare) >= freshVisibility;
  const toParent = new Map(pairs);
  for (const childIndex of child.indexes.filter(isWhole)) {
    const order = keyOrder(childIndex, [...toParent.keys()]);
    const wanted = order?.map((column) => toParent.get(column)!);
    const parentIndex =
      wanted && parent.indexes.filter(isWhole).find((index) => startsWith(index, wanted, pairs));
    if (parentIndex) return { child: childIndex, parent: parentIndex, isFresh };
  }
  return undefined;
}

function isWhole(index: CatalogIndex): boolean {
  return isUsable(index) && index.method === "btree" && index.isInOrder && index.predicate === null;
}

/** The columns in the order in which the index starts with them; the tenant, last of them, may be included. */
function keyOrder(index: CatalogIndex, columns: readonly string[]): string[] | undefined {
  const tenant = columns.at(-1)!;
  const keys = index.keyColumns.slice(0, columns.length);
  if (columns.every((column) => keys.includes(column))) return keys as string[];
  const head = index.keyColumns.slice(0, columns.length - 1);
  const isHead = columns.slice(0, -1).every((column) => head.includes(column));
  return isHead && holds(index, tenant) ? ([...head, tenant] as string[]) : undefined;
}

function startsWith(
  index: CatalogIndex,
  wanted: readonly string[],
  pairs: readonly (readonly [string, string])[],
): boolean {
  const tenant = pairs.at(-1)![1];
  return wanted.every(
    (column, position) =>
      index.keyColumns[position] === column ||
      (column === tenant && position === wanted.length - 1 && holds(index, tenant)),
  );
}

function holds(index: CatalogIndex, column: string): boolean {
  return index.keyColumns.includes(column) || index.includedColumns.includes(column);
}
