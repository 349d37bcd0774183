import type { IndexUsage } from "../../findings/index-usage.js";
import { bloatOf } from "./bloat.js";
import type { UsageContext } from "./context.js";
import { servedKeys } from "./foreign-keys.js";
import type { KnownIndex, UsageOrder } from "./types.js";

/** What a report lists of an index; of a partitioned one with its parts. */
export function usageFacts(
  index: KnownIndex,
  { family, usage }: UsageContext,
  marks: readonly string[],
): IndexUsage {
  const parts = family(index);
  const leaves = parts.filter((part) => part.table.kind !== "partitioned");
  const wasted = leaves.map(bloatOf);
  const { scans, tuplesRead, tuplesFetched, lastScan } = usage(index);
  const { catalog, table, owner } = index;
  return {
    schema: table.schema,
    table: table.name,
    index: catalog.name,
    model: owner.registered?.model.name ?? null,
    method: catalog.method,
    definition: index.definition,
    isValid: catalog.isValid,
    isUnique: catalog.isUnique,
    constraint: index.constraint,
    referencedBy: index.referencedBy,
    serves: servedKeys(index).map(({ name }) => name),
    parts: table.kind === "partitioned" ? leaves.length : 0,
    scans,
    tuplesRead,
    tuplesFetched,
    lastScan: lastScan?.toISOString() ?? null,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    bytesBasis: parts.some(({ bytesBasis }) => bytesBasis === "estimate") ? "estimate" : "size",
    bloatBytes: wasted.includes(null) ? null : wasted.reduce<number>((sum, bytes) => sum + bytes!, 0),
    marks,
  };
}

/** Most first; by name from A; what was never used last. */
export function ordered(list: readonly IndexUsage[], order: UsageOrder): IndexUsage[] {
  const name = ({ schema, table, index }: IndexUsage) => JSON.stringify([schema, table, index]);
  const value = (each: IndexUsage): number => {
    switch (order) {
      case "scans":
        return each.scans;
      case "size":
        return each.bytes;
      case "bloat":
        return each.bloatBytes ?? -1;
      case "last-scan":
        return each.lastScan === null ? 0 : Date.parse(each.lastScan);
      case "name":
        return 0;
    }
  };
  return [...list].sort((left, right) => value(right) - value(left) || (name(left) < name(right) ? -1 : 1));
}
