import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { quoteIdentifier, readSql } from "../../adapters/sql-file.js";
import { refusal } from "../refusal.js";
import type {
  Catalog,
  CatalogColumn,
  CatalogForeignKey,
  CatalogIndex,
  CatalogTable,
  Server,
} from "./types.js";

interface ServerRow {
  version: string;
  version_number: number;
  database: string;
  role: string;
  is_standby: boolean;
  bypasses_rls: boolean | null;
  index_builds: number;
}

interface TableRow {
  id: string;
  schema: string;
  name: string;
  kind: "r" | "p" | "v" | "m" | "f";
  is_partition: boolean;
  parent_id: string | null;
  has_heirs: boolean;
  estimated_rows: number;
  pages: number;
  visible_pages: number;
  has_row_security: boolean;
  forces_row_security: boolean;
  is_owned: boolean;
  may_use_schema: boolean;
  may_select: boolean;
  constraint_names: string[] | null;
}

interface ColumnRow {
  table_id: string;
  name: string;
  type: string;
  base_type: string;
  is_enum: boolean;
  collation: string | null;
  not_null: boolean;
  distinct_values: number | null;
  may_select: boolean;
}

interface IndexRow {
  id: string;
  table_id: string;
  name: string;
  schema: string;
  method: string;
  is_primary: boolean;
  is_unique: boolean;
  is_valid: boolean;
  is_ready: boolean;
  is_being_built: boolean;
  part_of: string | null;
  key_columns: (string | null)[];
  included_columns: (string | null)[] | null;
  compares_as_column: boolean;
  is_in_order: boolean;
  is_partial: boolean;
}

interface ForeignKeyRow {
  table_id: string;
  name: string;
  columns: string[];
  target_id: string;
  target_schema: string;
  target_table: string;
  target_columns: string[];
  on_delete: keyof typeof actions;
  on_update: keyof typeof actions;
  is_validated: boolean;
  is_declared_enforced: boolean;
  has_disabled_triggers: boolean;
  is_match_full: boolean;
  is_deferrable: boolean;
  is_deferred: boolean;
  set_on_delete: string[] | null;
}

const actions = { a: "NO ACTION", r: "RESTRICT", c: "CASCADE", n: "SET NULL", d: "SET DEFAULT" } as const;

const kinds = {
  r: "table",
  p: "partitioned",
  v: "view",
  m: "materialized view",
  f: "foreign table",
} as const;

/** Reads the catalogs for some schemas. No right on any table is needed. */
export async function readCatalog(snapshot: Snapshot, schemas: readonly string[]): Promise<Catalog> {
  const [[server], tables] = await Promise.all([
    snapshot.query<ServerRow>(readSql("database/server")),
    snapshot.query<TableRow>(readSql("database/tables"), [schemas]),
  ]);
  const ids = [tables.map(({ id }) => id)];
  const [columns, indexes, foreignKeys] = await Promise.all([
    snapshot.query<ColumnRow>(readSql("database/columns"), ids),
    snapshot.query<IndexRow>(readSql("database/indexes"), ids),
    snapshot.query<ForeignKeyRow>(readSql("database/foreign-keys"), ids),
  ]);
  const { predicates, unseen } = await readPredicates(snapshot, indexes, tables);
  const sizes = sizesOf(tables);
  const columnsOf = grouped(columns);
  const indexesOf = grouped(indexes);
  const foreignKeysOf = grouped(foreignKeys);
  return {
    server: serverOf(server!),
    unseen,
    tables: tables.map((row) =>
      tableOf(row, server!, sizes.get(row.id)!, {
        columns: columnsOf.get(row.id) ?? [],
        indexes: (indexesOf.get(row.id) ?? []).map((index) => indexOf(index, predicates)),
        foreignKeys: foreignKeysOf.get(row.id) ?? [],
      }),
    ),
  };
}

function serverOf(row: ServerRow): Server {
  return {
    version: row.version,
    versionNumber: row.version_number,
    database: row.database,
    role: row.role,
    isStandby: row.is_standby,
    bypassesRls: row.bypasses_rls === true,
    indexBuilds: row.index_builds,
  };
}

interface Size {
  rows: number;
  isAnalysed: boolean;
  pages: number;
  visiblePages: number;
}

/** Size of each table; a partitioned one has the sum of its leaves. */
function sizesOf(tables: readonly TableRow[]): Map<string, Size> {
  const byId = new Map(tables.map((row) => [row.id, row]));
  const sizes = new Map(
    tables.map((row) => [row.id, { rows: 0, isAnalysed: true, pages: 0, visiblePages: 0 }]),
  );
  for (const row of tables) {
    if (row.kind === "p") continue;
    // Never analysed: reltuples is -1 from PostgreSQL 14 on, 0 with no pages before.
    const isAnalysed = row.estimated_rows > 0 || row.pages > 0;
    for (let at: TableRow | undefined = row; at; at = byId.get(at.parent_id ?? "")) {
      const size = sizes.get(at.id)!;
      size.rows += Math.max(0, row.estimated_rows);
      size.isAnalysed &&= isAnalysed;
      size.pages += row.pages;
      size.visiblePages += row.visible_pages;
    }
  }
  return sizes;
}

function tableOf(
  row: TableRow,
  server: ServerRow,
  size: Size,
  parts: { columns: ColumnRow[]; indexes: CatalogIndex[]; foreignKeys: ForeignKeyRow[] },
): CatalogTable {
  return {
    id: row.id,
    schema: row.schema,
    name: row.name,
    kind: kinds[row.kind],
    isPartition: row.is_partition,
    parentId: row.parent_id,
    hasHeirs: row.has_heirs,
    estimatedRows: Math.round(size.rows),
    visibleShare: size.pages > 0 ? size.visiblePages / size.pages : 0,
    isAnalysed: size.isAnalysed,
    hidden: hiddenBy(row, server, parts.columns),
    columns: parts.columns.map((column) => columnOf(column, size)),
    indexes: parts.indexes,
    foreignKeys: parts.foreignKeys.map((foreignKey) => foreignKeyOf(foreignKey, row.has_heirs)),
    constraintNames: row.constraint_names ?? [],
  };
}

function hiddenBy(row: TableRow, server: ServerRow, columns: readonly ColumnRow[]): string | undefined {
  if (!row.may_use_schema)
    return `role ${server.role} has no USAGE on schema ${row.schema}: GRANT USAGE ON SCHEMA ${quoteIdentifier(row.schema)} TO ${quoteIdentifier(server.role)}`;
  const maySelectAll = row.may_select || columns.every((column) => column.may_select);
  if (!maySelectAll)
    return `role ${server.role} may not SELECT it: GRANT SELECT ON ${quoteIdentifier(row.schema)}.${quoteIdentifier(row.name)} TO ${quoteIdentifier(server.role)}`;
  const ownerIsExempt = row.is_owned && !row.forces_row_security;
  if (row.has_row_security && server.bypasses_rls !== true && !ownerIsExempt) {
    return `row-level security hides rows from role ${server.role}`;
  }
  return undefined;
}

function columnOf(row: ColumnRow, { rows, isAnalysed }: Size): CatalogColumn {
  const distinct = isAnalysed ? row.distinct_values : null;
  return {
    name: row.name,
    type: row.type,
    baseType: row.base_type,
    isEnum: row.is_enum,
    collation: row.collation,
    isNotNull: row.not_null,
    // A negative number is a share of the rows (pg_stats).
    distinctValues:
      distinct === null || distinct === 0 ? undefined : distinct < 0 ? -distinct * rows : distinct,
    maySelect: row.may_select,
  };
}

/** Conditions of the partial indexes, by index id. A table that a migration holds keeps its own back. */
async function readPredicates(snapshot: Snapshot, indexes: readonly IndexRow[], tables: readonly TableRow[]) {
  const predicates = new Map<string, string>();
  const unseen: string[] = [];
  const sql = readSql("database/index-predicate");
  await Promise.all(
    indexes
      .filter((index) => index.is_partial)
      .map(async (index) => {
        try {
          const [row] = await snapshot.query<{ predicate: string }>(sql, [index.id]);
          if (row) predicates.set(index.id, row.predicate);
        } catch (error) {
          if (!(error instanceof QueryError)) throw error;
          const table = tables.find(({ id }) => id === index.table_id)!;
          unseen.push(`condition of index ${index.name}: ${refusal(error, table)}`);
        }
      }),
  );
  return { predicates, unseen };
}

function indexOf(row: IndexRow, predicates: ReadonlyMap<string, string>): CatalogIndex {
  return {
    name: row.name,
    schema: row.schema,
    method: row.method,
    isPrimary: row.is_primary,
    isUnique: row.is_unique,
    isValid: row.is_valid,
    isReady: row.is_ready,
    isBeingBuilt: row.is_being_built,
    partOf: row.part_of,
    keyColumns: row.key_columns,
    includedColumns: row.included_columns ?? [],
    comparesAsColumn: row.compares_as_column,
    isInOrder: row.is_in_order,
    predicate: row.is_partial ? predicates.get(row.id) : null,
  };
}

function foreignKeyOf(row: ForeignKeyRow, hasHeirs: boolean): CatalogForeignKey {
  return {
    name: row.name,
    columns: row.columns,
    targetId: row.target_id,
    targetSchema: row.target_schema,
    targetTable: row.target_table,
    targetColumns: row.target_columns,
    onDelete: actions[row.on_delete],
    onUpdate: actions[row.on_update],
    isValidated: row.is_validated,
    isDeclaredEnforced: row.is_declared_enforced,
    hasDisabledTriggers: row.has_disabled_triggers,
    leavesOutHeirs: hasHeirs,
    isMatchFull: row.is_match_full,
    isDeferrable: row.is_deferrable,
    isDeferred: row.is_deferred,
    setOnDelete: row.set_on_delete ?? [],
  };
}

function grouped<Row extends { table_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.table_id);
    if (group) group.push(row);
    else groups.set(row.table_id, [row]);
  }
  return groups;
}
