import { type Audited, asMigration, defaultName, newIndex, type Remedy } from "../../database/index.js";
import { dropIndex } from "./drop-index.js";
import type { KnownIndex } from "./types.js";

/**
 * The same index with the tenant's column first, then the old one's end. Of an index with expressions or a
 * condition, or on partitions, only in words.
 */
export function reorderIndex(audited: Audited, index: KnownIndex, tenant: string): Remedy {
  const { catalog, owner, keys } = index;
  const names = catalog.keyColumns.filter((name) => name !== null);
  const isPlain =
    names.length === catalog.keyColumns.length &&
    catalog.predicate === null &&
    catalog.isInOrder &&
    catalog.includedColumns.length === 0 &&
    index.table === owner.table;
  if (!isPlain) {
    return {
      remedy: `Build the same index with ${tenant} as its first column (evidence.definition has the statement), then drop this one, both CONCURRENTLY; ${asMigration}.`,
      remedySteps: [],
    };
  }
  const columns = [tenant, ...names.filter((name) => name !== tenant)];
  const descending = keys.flatMap(({ option }, at) => (option === 3 ? [names[at]!] : []));
  const built = newIndex(audited, owner, {
    columns,
    descending,
    name: defaultName(owner.table.name, columns, "idx"),
  });
  const dropped = dropIndex(index, "");
  const sides = [built.remedyPrisma, dropped.remedyPrisma].flatMap((side) => side ?? []);
  return {
    remedy: `Build it with ${tenant} first, then drop this one. ${built.remedy}`,
    remedySteps: [...built.remedySteps, ...dropped.remedySteps],
    ...(sides.length
      ? {
          remedyPrisma: {
            schema: sides.flatMap(({ schema }) => schema),
            migration: sides.flatMap(({ migration }) => migration),
          },
        }
      : {}),
  };
}
