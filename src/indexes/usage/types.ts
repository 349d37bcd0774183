import type { AuditedTable, CatalogIndex, CatalogTable } from "../../database/index.js";

/** An index with all that the catalogs say of it. */
export interface KnownIndex {
  readonly id: string;
  /** Of a part: the partitioned index. */
  readonly parentId: string | null;
  readonly table: CatalogTable;
  /** The table that the schema knows: of a partition the partitioned one. */
  readonly owner: AuditedTable;
  readonly catalog: CatalogIndex;
  readonly keys: readonly IndexKey[];
  /** Attribute numbers of the columns that it only carries. */
  readonly included: readonly number[];
  readonly isImmediate: boolean;
  readonly nullsNotDistinct: boolean;
  readonly isReplicaIdentity: boolean;
  readonly constraint: string | null;
  readonly referencedBy: readonly string[];
  readonly fillFactor: number | null;
  /** Undefined where it was never counted. */
  readonly rows: number | undefined;
  readonly bytes: number;
  readonly bytesBasis: "size" | "estimate";
  /** Null where a lock kept them back. */
  readonly definition: string | null;
  /** Null for a whole index; undefined where a lock kept it back. */
  readonly predicate: string | null | undefined;
  /** Its creation is so many transactions ago at most; undefined where that is not known. */
  readonly creationAge: number | undefined;
  /** Bytes of a row in it, as the planner's statistics have it; undefined where those lack a column. */
  readonly width: KeyWidth | undefined;
}

/** One key as it is compared and sorted. */
export interface IndexKey {
  /** Attribute number of a column; 0 is an expression. */
  readonly column: number;
  readonly name: string | null;
  /** SQL of an expression; undefined where a lock kept it back. */
  readonly expression: string | undefined;
  readonly operators: string;
  readonly collation: string;
  /** Bits: 1 is descending, 2 is nulls first. */
  readonly option: number;
  /** Parameters of its operator class. */
  readonly parameters: string;
}

export interface KeyWidth {
  readonly bytes: number;
  /** Share of rows with a null among their keys, 0 to 1. */
  readonly nullShare: number;
}

/** What rows take in an index, from the statistics of its columns. */
export function widthOf(
  columns: readonly { readonly width: number; readonly nullShare: number }[],
): KeyWidth {
  return {
    bytes: columns.reduce((sum, { width, nullShare }) => sum + (1 - nullShare) * width, 0),
    nullShare: 1 - columns.reduce((share, { nullShare }) => share * (1 - nullShare), 1),
  };
}

/** What an index did, all servers and readings added up. */
export interface Usage {
  readonly scans: number;
  readonly tuplesRead: number;
  readonly tuplesFetched: number;
  readonly lastScan: Date | null;
  /** Milliseconds for which every server is known to have counted while the index was there. */
  readonly observed: number;
}

/** What is asked of the report. */
export interface UsageOptions {
  /** Part of an index's name; `%` stands for anything. */
  readonly match?: string | undefined;
  /** Tables by name, `table` or `schema.table`; none is all of them. */
  readonly tables: readonly string[];
  readonly order: UsageOrder;
  readonly limit: number | undefined;
  /** Indexes that are hardly used, only. */
  readonly onlyUnused: boolean;
  /** An index with more scans is used. */
  readonly maxScans: number;
  /** Milliseconds of statistics before an index is called unused. */
  readonly minAge: number;
  /** Call an index unused that only a foreign key's checks need. */
  readonly judgesForeignKeys: boolean;
  /** Standbys that are not read serve no queries, somebody says. */
  readonly ignoresStandbys: boolean;
}

export const usageOrders = ["scans", "size", "bloat", "last-scan", "name"] as const;
export type UsageOrder = (typeof usageOrders)[number];
