import type { Catalog, CatalogTable } from "../catalog/types.js";
import type { FindTable } from "./reading.js";

/**
 * Finds tables by the names that statements give them. A name without a schema means the default schema's
 * table, or the only one of that name; a partition means the table that it is a part of.
 */
export function tablesByName({ tables }: Catalog, defaultSchema: string): FindTable {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const byName = new Map<string, CatalogTable[]>();
  for (const table of tables) byName.set(table.name, [...(byName.get(table.name) ?? []), table]);
  const whole = (table: CatalogTable): CatalogTable => {
    const parent = table.parentId === null ? undefined : byId.get(table.parentId);
    return parent ? whole(parent) : table;
  };
  return (schema, name) => {
    const named = byName.get(name) ?? [];
    const found =
      schema === undefined
        ? (named.find((table) => table.schema === defaultSchema) ??
          (named.length === 1 ? named[0] : undefined))
        : named.find((table) => table.schema === schema);
    return found && whole(found);
  };
}
