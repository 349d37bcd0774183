import { type CatalogForeignKey, isUsable } from "../../database/index.js";
import type { KnownIndex } from "./types.js";

/**
 * Foreign keys that an index serves: when a parent is deleted or its key changed, PostgreSQL looks for its
 * children by exactly these columns, so they have to stand first in the index, in whatever order.
 */
export function servedKeys(index: KnownIndex): readonly CatalogForeignKey[] {
  return index.table.foreignKeys.filter((key) => servesKey(index, key.columns));
}

/** True where an index finds the rows of given values of some columns, all of its leading ones. */
export function servesKey(
  { catalog, predicate }: Pick<KnownIndex, "catalog" | "predicate">,
  columns: readonly string[],
): boolean {
  const leading = catalog.keyColumns.slice(0, columns.length);
  const isWhole = predicate === null || leavesOutNullOnly(predicate, columns);
  const answersEquality = catalog.method === "btree" || (catalog.method === "hash" && columns.length === 1);
  return (
    answersEquality &&
    isWhole &&
    isUsable(catalog) &&
    catalog.comparesAsColumn &&
    columns.length > 0 &&
    columns.every((column) => leading.includes(column))
  );
}

function leavesOutNullOnly(predicate: string | null | undefined, columns: readonly string[]): boolean {
  const bare = predicate?.replaceAll('"', "").replace(/^\((.*)\)$/, "$1");
  return columns.some((column) => bare === `${column.replaceAll('"', "")} IS NOT NULL`);
}

/**
 * The only indexes that find one tenant's rows of their scoped tables: however rarely that was asked so far, it
 * is what the guard will ask (`db/missing-index`). Of several, one that stays anyway is enough.
 */
export function neededByTenants(
  indexes: readonly KnownIndex[],
  stays: (index: KnownIndex) => boolean,
): Set<string> {
  const scoped = new Set(indexes.map(({ owner }) => owner).filter(({ isScoped }) => isScoped));
  const needed = [...scoped].flatMap(({ table, tenantColumn }) =>
    tenantColumn ? (onlyServing(indexes, table, [tenantColumn.name], stays) ?? []) : [],
  );
  return new Set(needed.map(({ id }) => id));
}

/**
 * The indexes that only foreign keys may need: without them each delete of a parent reads the whole table. Of
 * several that serve one key, one that stays anyway is enough, else the smallest.
 *
 * @param stays whether an index is kept for another reason
 */
export function neededByKeys(
  indexes: readonly KnownIndex[],
  stays: (index: KnownIndex) => boolean,
): Map<string, string[]> {
  const needed = new Map<string, string[]>();
  for (const table of new Set(indexes.map((index) => index.table))) {
    for (const key of table.foreignKeys) {
      const only = onlyServing(indexes, table, key.columns, stays);
      if (only) needed.set(only.id, [...(needed.get(only.id) ?? []), key.name]);
    }
  }
  return needed;
}

/** The smallest index that finds rows by some columns, where none that does stays anyway. */
function onlyServing(
  indexes: readonly KnownIndex[],
  table: KnownIndex["table"],
  columns: readonly string[],
  stays: (index: KnownIndex) => boolean,
): KnownIndex | undefined {
  const serving = indexes.filter((index) => index.table === table && servesKey(index, columns));
  if (serving.some(stays)) return undefined;
  return serving.sort(
    (left, right) => left.bytes - right.bytes || (left.catalog.name < right.catalog.name ? -1 : 1),
  )[0];
}
