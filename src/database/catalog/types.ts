/** What PostgreSQL's catalogs say, in the shape that the audit asks for it. */
export interface Catalog {
  readonly server: Server;
  readonly tables: readonly CatalogTable[];
  /** What could not be read, in words. */
  readonly unseen: readonly string[];
}

export interface Server {
  readonly version: string;
  readonly versionNumber: number;
  readonly database: string;
  readonly role: string;
  readonly isStandby: boolean;
  readonly bypassesRls: boolean;
  /** Index builds in progress: a concurrent one waits until our snapshot is gone. */
  readonly indexBuilds: number;
}

/** A table, partitioned table, view, materialized view or foreign table. */
export interface CatalogTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "partitioned" | "view" | "materialized view" | "foreign table";
  readonly isPartition: boolean;
  /** Of a partition: the table that it is a part of. */
  readonly parentId: string | null;
  /** Other tables inherit from it (INHERITS): a query reads their rows too. */
  readonly hasHeirs: boolean;
  /** As last analysed, partitions summed; 0 where it never was. */
  readonly estimatedRows: number;
  readonly isAnalysed: boolean;
  /** Share of pages that an index-only scan need not visit, 0 to 1. */
  readonly visibleShare: number;
  /** Why the role can't read all of it; undefined where it can. */
  readonly hidden: string | undefined;
  readonly columns: readonly CatalogColumn[];
  readonly indexes: readonly CatalogIndex[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  /** Names of all its constraints, inherited ones too. */
  readonly constraintNames: readonly string[];
}

export interface CatalogColumn {
  readonly name: string;
  /** `character varying(255)` */
  readonly type: string;
  /** `varchar`; of a domain its base type. */
  readonly baseType: string;
  readonly isEnum: boolean;
  /** A collation that is not its type's own, quoted with its schema. */
  readonly collation: string | null;
  /** The database refuses null, and no old row can hold one. */
  readonly isNotNull: boolean;
  /** Distinct values as last analysed; undefined where it never was. */
  readonly distinctValues: number | undefined;
  readonly maySelect: boolean;
}

export interface CatalogIndex {
  readonly name: string;
  readonly schema: string;
  readonly method: string;
  readonly isPrimary: boolean;
  readonly isUnique: boolean;
  readonly isValid: boolean;
  readonly isReady: boolean;
  readonly isBeingBuilt: boolean;
  /** Of an index on a partition: the partitioned index that it is a part of, quoted with its schema. */
  readonly partOf: string | null;
  /** Null stands for an expression. */
  readonly keyColumns: readonly (string | null)[];
  readonly includedColumns: readonly (string | null)[];
  /** Its first column has the collation of the table's: else no usual comparison can use it. */
  readonly comparesAsColumn: boolean;
  /** Its rows come in the usual order of its columns: usual operator classes, collations and nulls. */
  readonly isInOrder: boolean;
  /** Null for a whole index; undefined where it is partial and could not be read. */
  readonly predicate: string | null | undefined;
}

export interface CatalogForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly targetId: string;
  readonly targetSchema: string;
  readonly targetTable: string;
  readonly targetColumns: readonly string[];
  /** `CASCADE`, `SET NULL`… */
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly isValidated: boolean;
  /** False for NOT ENFORCED, which PostgreSQL 18 brought. */
  readonly isDeclaredEnforced: boolean;
  readonly hasDisabledTriggers: boolean;
  /** Other tables inherit from this one (INHERITS): a query reads their rows too, the constraint does not. */
  readonly leavesOutHeirs: boolean;
  readonly isMatchFull: boolean;
  readonly isDeferrable: boolean;
  readonly isDeferred: boolean;
  /** Columns that SET NULL or SET DEFAULT is limited to (PostgreSQL 15 and later); empty for all of them. */
  readonly setOnDelete: readonly string[];
}
