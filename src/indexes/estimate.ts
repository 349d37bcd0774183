import type { Session } from "../adapters/postgres/connect.js";
import { readSql } from "../adapters/sql-file.js";
import type { IndexDefinition } from "./definition.js";

/** What a build is likely to take. Rough: real ones differ by a factor of two. */
export interface Estimate {
  /** Of the finished index. */
  readonly bytes: number;
  /** At its peak: the index, and the sort beside it where that does not fit into memory. */
  readonly diskBytes: number;
  readonly walBytes: number;
  readonly seconds: number;
}

export interface TableSize {
  /** -1 or 0 where it was never analysed. */
  readonly rows: number;
  readonly bytes: number;
}

export interface ColumnWidth {
  readonly column: string;
  readonly width: number;
}

/** Header and line pointer of an index entry, in bytes. */
const entryOverhead = 8 + 4;
const usualWidth = 16;
/** Rows of a table that was never analysed are taken to have this many bytes. */
const usualRow = 100;
const fillFactor = 0.9;
/**
 * Measured with PostgreSQL 18 on two cores of a cloud machine (bench/cases/indexes.mjs): reading a table twice,
 * sorting and writing, in bytes and rows per second. A slower disk takes longer.
 */
const readRate = 400e6;
const rowRate = 1.2e6;

/** Size and time of an index, from the table's size and the widths of its columns as last analysed. */
export function estimateBuild(
  { columns, include = [] }: Pick<IndexDefinition, "columns" | "include">,
  table: TableSize,
  widths: readonly ColumnWidth[],
  sortMemory: number,
): Estimate {
  const rows = table.rows > 0 ? table.rows : table.bytes / usualRow;
  const named = [...columns.map(({ column }) => column), ...include];
  const width = named.reduce(
    (sum, name) => sum + (widths.find(({ column }) => column === name)?.width ?? usualWidth),
    0,
  );
  const entry = entryOverhead + Math.ceil(width / 8) * 8;
  const bytes = Math.ceil((rows * entry) / fillFactor / 8192 + 1) * 8192;
  return {
    bytes,
    diskBytes: bytes * (bytes > sortMemory ? 2 : 1),
    walBytes: bytes,
    seconds: (2 * table.bytes) / readRate + (2 * rows) / rowRate,
  };
}

/** Widths of a table's columns; the role sees those that it may read. */
export async function readWidths(
  session: Session,
  { schema, table }: Pick<IndexDefinition, "schema" | "table">,
): Promise<ColumnWidth[]> {
  return session.query<{ column: string; width: number }>(readSql("indexes/widths"), [schema, table]);
}

/** `maintenance_work_mem` of a session, in bytes. */
export async function readSortMemory(session: Session): Promise<number> {
  const [row] = await session.query<{ bytes: string }>(
    "select pg_catalog.pg_size_bytes(pg_catalog.current_setting('maintenance_work_mem')) as bytes",
  );
  return Number(row!.bytes);
}
