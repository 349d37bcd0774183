import { isUsable } from "../../database/index.js";
import { isHeld } from "../usage/comparison.js";
import { servesKey } from "../usage/foreign-keys.js";
import type { KnownIndex } from "../usage/types.js";
import { type Candidate, columnsOf, type SortedColumn } from "./types.js";

/** An index that does already what a candidate is wanted for. */
export function coveringIndex(candidate: Candidate, indexes: readonly KnownIndex[]): KnownIndex | undefined {
  return indexes.find((index) => index.table.id === candidate.owner.table.id && covers(index, candidate));
}

/** An index that would do it, had its build not failed. */
export function invalidTwin(candidate: Candidate, indexes: readonly KnownIndex[]): KnownIndex | undefined {
  const broken = indexes.filter(({ catalog }) => !isUsable(catalog));
  const mended = broken.map((index) => ({
    ...index,
    catalog: { ...index.catalog, isValid: true, isReady: true },
  }));
  return coveringIndex(candidate, mended);
}

function covers(index: KnownIndex, { equal, sorted }: Candidate): boolean {
  const isFound = equal.length === 0 ? isWholeTree(index) : servesKey(index, equal);
  if (!isFound) return false;
  return sorted.length === 0 || isSortedBy(index, equal.length, sorted);
}

function isWholeTree({ catalog, predicate }: KnownIndex): boolean {
  return catalog.method === "btree" && predicate === null && isUsable(catalog);
}

/** Bits of an index column's option: descending, and nulls first. */
const upwards = 0;
const downwards = 3;

/** A B-tree is read forwards or backwards, so all directions may be the other way round. */
function isSortedBy({ catalog, keys }: KnownIndex, start: number, sorted: readonly SortedColumn[]): boolean {
  if (catalog.method !== "btree") return false;
  const matches = (isReversed: boolean) =>
    sorted.every(({ column, descending }, at) => {
      const key = keys[start + at];
      return key?.name === column && key.option === (descending !== isReversed ? downwards : upwards);
    });
  return matches(false) || matches(true);
}

/** A value of an index's leading columns that finds so few rows needs no better index. */
const fewRows = 50;

/** An index that by its statistics finds few rows for what is asked by value, though it lacks some of it. */
export function selectiveIndex(
  { owner, equal }: Pick<Candidate, "owner" | "equal">,
  indexes: readonly KnownIndex[],
): KnownIndex | undefined {
  const { table } = owner;
  return indexes.find((index) => {
    if (index.table.id !== table.id || !isWholeTree(index)) return false;
    const lacking = index.keys.findIndex(({ name }) => name === null || !equal.includes(name));
    const led = index.keys.slice(0, lacking < 0 ? index.keys.length : lacking);
    if (led.length === 0) return false;
    if (index.catalog.isUnique && lacking < 0) return true;
    const values = led.map(
      ({ name }) => table.columns.find((column) => column.name === name)?.distinctValues ?? 1,
    );
    return table.isAnalysed && table.estimatedRows / Math.max(...values) <= fewRows;
  });
}

/** Indexes that a new one leaves without work: plain ones, whose columns are its first. */
export function madeRedundant(candidate: Candidate, indexes: readonly KnownIndex[]): KnownIndex[] {
  const columns = columnsOf(candidate);
  return indexes.filter(
    (index) =>
      index.table.id === candidate.owner.table.id &&
      isWholeTree(index) &&
      !index.catalog.isUnique &&
      !isHeld(index) &&
      index.included.length === 0 &&
      index.catalog.isInOrder &&
      index.keys.length < columns.length &&
      index.keys.every(
        ({ name, option }, at) =>
          name === columns[at]!.column && option === (columns[at]!.descending ? downwards : upwards),
      ),
  );
}
