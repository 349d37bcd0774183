import type { CatalogTable } from "../../database/index.js";
import { expectedBytes } from "../usage/bloat.js";
import { widthOf } from "../usage/types.js";

/** What the statistics say of a column: average width in bytes, share of nulls. */
export interface ColumnWidth {
  readonly width: number;
  readonly nullShare: number;
}

export interface Estimate {
  readonly bytes: number | null;
  readonly seconds: number | null;
  readonly basis: string;
}

/** Of a table that is not in memory; a concurrent build reads it twice. */
const readBytesPerSecond = 200e6;
/** Sorted and written, measured on two cores: 0.9 to 1.9 million. */
const rowsPerSecond = 1e6;

/**
 * How large an index will be, and how long its build takes on a server that does little else. Locks, old
 * transactions and load make it longer.
 */
export function estimateIndex(
  table: CatalogTable,
  widths: readonly (ColumnWidth | undefined)[],
  tableBytes: number | undefined,
): Estimate {
  const known = widths.filter((width) => width !== undefined);
  if (!table.isAnalysed || known.length < widths.length || table.estimatedRows === 0)
    return { bytes: null, seconds: null, basis: "nothing is known of its rows: ANALYZE the table first" };
  const width = widthOf(known);
  const reading = tableBytes === undefined ? 0 : (2 * tableBytes) / readBytesPerSecond;
  return {
    bytes: expectedBytes(table.estimatedRows, width, null),
    seconds: Math.ceil((reading + table.estimatedRows / rowsPerSecond) * 10) / 10,
    basis:
      "size by the planner's statistics; time for two reads of the table at 200 MB a second and a million rows a second",
  };
}
