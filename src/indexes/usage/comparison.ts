import type { IndexKey, KnownIndex } from "./types.js";

/** True where two indexes hold the same rows, in the same order, by the same comparisons, with the same columns. */
export function isSameShape(left: KnownIndex, right: KnownIndex): boolean {
  return (
    holdsSameRows(left, right) &&
    left.keys.length === right.keys.length &&
    isPrefix(left.keys, right.keys) &&
    sameSet(left.included, right.included)
  );
}

/**
 * True where whatever `narrow` finds `wide` finds too, by the same walk: both B-trees over the same rows, the
 * keys of one the first of the other, and the columns that it only carries somewhere in the other.
 */
export function isLedBy(narrow: KnownIndex, wide: KnownIndex): boolean {
  return (
    narrow.catalog.method === "btree" &&
    wide.catalog.method === "btree" &&
    holdsSameRows(narrow, wide) &&
    isPrefix(narrow.keys, wide.keys) &&
    narrow.included.every((column) => carries(wide, column)) &&
    (narrow.keys.length < wide.keys.length || narrow.included.length < wide.included.length)
  );
}

/** A condition or an expression that could not be read equals nothing. */
function holdsSameRows(left: KnownIndex, right: KnownIndex): boolean {
  return (
    left.table.id === right.table.id &&
    left.catalog.method === right.catalog.method &&
    left.predicate !== undefined &&
    left.predicate === right.predicate
  );
}

function isPrefix(short: readonly IndexKey[], long: readonly IndexKey[]): boolean {
  return short.length <= long.length && short.every((key, at) => isSameKey(key, long[at]!));
}

function isSameKey(left: IndexKey, right: IndexKey): boolean {
  return (
    left.column === right.column &&
    left.expression !== undefined &&
    left.expression === right.expression &&
    left.operators === right.operators &&
    left.collation === right.collation &&
    left.option === right.option &&
    left.parameters === right.parameters
  );
}

function carries({ keys, included }: KnownIndex, column: number): boolean {
  return included.includes(column) || keys.some((key) => key.column === column);
}

function sameSet(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((column) => right.includes(column));
}

/** True where nothing is lost with `spare`, as far as rules go, if `kept` stays. */
export function enforcesAsMuch(kept: KnownIndex, spare: KnownIndex): boolean {
  if (!spare.catalog.isUnique) return true;
  return (
    kept.catalog.isUnique &&
    (kept.nullsNotDistinct || !spare.nullsNotDistinct) &&
    (kept.isImmediate || !spare.isImmediate)
  );
}

/** True where something else than queries needs this very index. */
export function isHeld({
  catalog,
  constraint,
  referencedBy,
  isReplicaIdentity,
}: Pick<KnownIndex, "catalog" | "constraint" | "referencedBy" | "isReplicaIdentity">): boolean {
  return (
    catalog.isPrimary ||
    constraint !== null ||
    referencedBy.length > 0 ||
    isReplicaIdentity ||
    catalog.partOf !== null
  );
}
