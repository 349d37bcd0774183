import type { Audited } from "../../database/index.js";
import type { KnownIndex, Usage, UsageOptions } from "./types.js";

/** What every rule of the usage report looks at. */
export interface UsageContext {
  readonly audited: Audited;
  /** Every index that is judged by itself: no part of a partitioned one. */
  readonly indexes: readonly KnownIndex[];
  /** The index and all of its parts. */
  readonly family: (index: KnownIndex) => readonly KnownIndex[];
  readonly usage: (index: KnownIndex) => Usage;
  /** Foreign keys that would have no index without this one, by its id. */
  readonly needed: ReadonlyMap<string, readonly string[]>;
  /** Indexes without which nothing would find one tenant's rows of a scoped table. */
  readonly tenants: ReadonlySet<string>;
  readonly options: UsageOptions;
}

/** `public.assets`, for people. */
export function shownTable({ table }: Pick<KnownIndex, "table">): string {
  return `${table.schema}.${table.name}`;
}

/** The index and its parts, at every depth, by their ids. */
export function familiesOf(indexes: readonly KnownIndex[]): (index: KnownIndex) => KnownIndex[] {
  const parts = new Map<string, KnownIndex[]>();
  for (const index of indexes) {
    if (index.parentId === null) continue;
    parts.set(index.parentId, [...(parts.get(index.parentId) ?? []), index]);
  }
  const family = (index: KnownIndex): KnownIndex[] => [
    index,
    ...(parts.get(index.id) ?? []).flatMap((part) => family(part)),
  ];
  return family;
}
