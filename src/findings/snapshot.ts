/** Per table and tenant the number of rows, and checksums that do not depend on their order. */
export interface DataSnapshot {
  /** The server's clock, just after the snapshot was taken: ISO 8601. */
  readonly takenAt: string;
  readonly database: string;
  /** `16.4` */
  readonly server: string;
  /** The model that is a customer. */
  readonly tenant: string;
  /** Tenants stand in it as hashes of their ids, as `--no-samples` asks. */
  readonly areTenantsHashed: boolean;
  readonly tables: readonly TableSnapshot[];
  readonly invariants: readonly InvariantReading[];
  /** Tables of the application that could not be read: what became of those nobody can tell. */
  readonly unseen: readonly UnseenTable[];
}

export interface UnseenTable {
  readonly schema: string;
  readonly table: string;
  /** In words, with the table's name. */
  readonly reason: string;
}

export interface TableSnapshot {
  readonly schema: string;
  readonly table: string;
  readonly model: string | null;
  /** Rows are told apart by tenant; else all of them are one group. */
  readonly isByTenant: boolean;
  /** What tells rows apart; empty where nothing does. */
  readonly key: readonly HashedColumn[];
  /** Every column that was hashed, in order of its name. */
  readonly columns: readonly HashedColumn[];
  /** Its own tenant column: of a row that moves it changes. */
  readonly tenantColumn: string | null;
  /** Columns that the role may not read. */
  readonly unread: readonly string[];
  readonly groups: readonly TenantRows[];
}

/** The whole row of a table without a key stands as a column under this name. */
export const wholeRow = "(row)";

export interface HashedColumn {
  readonly name: string;
  /** How its values were hashed: others can't be compared with them. */
  readonly way: string;
}

/** The rows of one tenant, or those without one. */
export interface TenantRows {
  readonly tenant: string | null;
  /** Where writes since a moment are set apart: those that were there then. */
  readonly rows: number;
  /** Sum of the keys' hashes modulo 2^64; where the table has no key, of whole rows' without their tenant. */
  readonly keys: bigint;
  /** Sum of each column's hashes, seeded by the row's key, modulo 2^64, in the order of the table's columns. */
  readonly values: readonly bigint[];
  /** Rows written, and created, since the moment that was asked for. */
  readonly written?: number;
  readonly created?: number;
}

/** What a question of config returned. */
export interface InvariantReading {
  readonly name: string;
  /** Each row as JSON, sorted; or only a hash of it under `--no-samples`. */
  readonly rows: readonly string[];
}

/** What became of one table between two snapshots. */
export interface TableComparison {
  readonly schema: string;
  readonly table: string;
  readonly model: string | null;
  readonly state: "compared" | "gone" | "new" | "without tenants";
  readonly rowsBefore: number;
  readonly rowsNow: number;
  /** At least so many: of a tenant that gained others besides, more are gone. */
  readonly lost: number;
  readonly added: number;
  readonly moved: number;
  /** Rows that went and rows that came elsewhere: they may be the same ones. */
  readonly mayHaveMoved: number;
  /** Written since the first snapshot, by the columns that say so. */
  readonly written: number;
  /** Columns whose values differ among rows that both have. */
  readonly changedColumns: readonly string[];
  /** Columns that only one of the two has, or that are of another type now. */
  readonly leftOut: readonly string[];
  /** Those of them that the first one has. */
  readonly notCompared: readonly string[];
  /** The key's columns of before, where they are not those of now: rows can't be told apart in the same way. */
  readonly formerKey?: readonly string[];
  /** Tenants' rows whose values can't be compared, because some of them were written, lost or added. */
  readonly tenantsNotCompared: number;
  /** Each tenant with a difference, the gravest first. */
  readonly tenants: readonly TenantDifference[];
}

export interface TenantDifference {
  readonly tenant: string | null;
  readonly before: number;
  readonly now: number;
  readonly what: "lost" | "moved away" | "moved here" | "moved" | "replaced" | "added" | "changed";
  readonly rows: number;
  readonly columns?: readonly string[];
}
