import type { Audited } from "../audited.js";
import type { CatalogIndex, CatalogTable } from "../catalog/types.js";

/** Whether an index finds the rows of one value of a column, whatever else is asked. */
export function leadsWith(index: CatalogIndex, column: string): boolean {
  const answersEquality = index.method === "btree" || index.method === "hash";
  return (
    answersEquality &&
    index.keyColumns[0] === column &&
    index.comparesAsColumn &&
    coversAllValues(index, column)
  );
}

/** A partial index does not count, save one that leaves out nothing but null. */
function coversAllValues({ predicate }: CatalogIndex, column: string): boolean {
  // One that could not be read gets the benefit of the doubt: the check says that it did not see it.
  if (predicate === null || predicate === undefined) return true;
  const bare = predicate
    .replaceAll('"', "")
    .replace(/^\((.*)\)$/, "$1")
    .trim();
  return bare === `${column.replaceAll('"', "")} IS NOT NULL`;
}

export function isUsable(index: CatalogIndex): boolean {
  return index.isValid && index.isReady;
}

/** A usable index that leads with the column; of a partitioned table, one on it or on every leaf. */
export function hasLeadingIndex(table: CatalogTable, column: string, audited: Audited): boolean {
  if (table.indexes.some((index) => isUsable(index) && leadsWith(index, column))) return true;
  const parts = partsOf(table, audited);
  return parts.length > 0 && parts.every((part) => hasLeadingIndex(part, column, audited));
}

/** The partitions right below a partitioned table; none of another. */
export function partsOf(table: CatalogTable, { catalog }: Audited): CatalogTable[] {
  return table.kind === "partitioned" ? catalog.tables.filter((part) => part.parentId === table.id) : [];
}

/** The partitions of a table, those of partitions included. */
export function partitionsOf(table: CatalogTable, audited: Audited): CatalogTable[] {
  return partsOf(table, audited).flatMap((part) => [part, ...partitionsOf(part, audited)]);
}

/** `unique btree (tenantId, code) where …`, for a person to read. */
export function describeIndex(index: CatalogIndex): string {
  const names = (columns: readonly (string | null)[]) =>
    columns.map((column) => column ?? "(expression)").join(", ");
  const included = index.includedColumns.length ? ` include (${names(index.includedColumns)})` : "";
  const condition = index.predicate ? ` where ${index.predicate}` : "";
  const kind = index.isPrimary ? "primary key " : index.isUnique ? "unique " : "";
  return `${index.name}: ${kind}${index.method} (${names(index.keyColumns)})${included}${condition}`;
}
