import type { KnownIndex } from "./types.js";

const pageBytes = 8192;
/** Header of a page, and what a B-tree keeps at its end. */
const pageOverhead = 24 + 16;
/** Header of a row in an index, what a map of its nulls adds, and its line pointer. */
const rowHeader = 8;
const nullMap = 8;
const linePointer = 4;
const alignment = 8;
/** PostgreSQL's own for B-trees, in percent. */
const usualFillFactor = 90;

/**
 * Bytes that a B-tree takes without waste: its rows at their average width, aligned, on pages as full as its
 * fill factor says, and one page in two hundred above them (after pgsql-bloat-estimation by ioguix). Rows of
 * one value may take less (deduplication, PostgreSQL 13), so what is over this is waste at least.
 */
export function expectedBytes(
  rows: number,
  width: NonNullable<KnownIndex["width"]>,
  fillFactor: number | null,
): number {
  const row = rowHeader + nullMap * width.nullShare + aligned(width.bytes) + linePointer;
  const room = (pageBytes - pageOverhead) * ((fillFactor ?? usualFillFactor) / 100);
  const leaves = Math.ceil(rows / Math.max(1, Math.floor(room / row)));
  return (leaves + Math.ceil(leaves / 200) + 1) * pageBytes;
}

/** Bytes of an index that its rows do not need, at least; null where that can't be said. */
export function bloatOf({ catalog, rows, width, bytes, bytesBasis, fillFactor }: KnownIndex): number | null {
  if (catalog.method !== "btree" || !catalog.isValid || bytesBasis !== "size") return null;
  if (rows === undefined || width === undefined) return null;
  return Math.max(0, bytes - expectedBytes(rows, width, fillFactor));
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
