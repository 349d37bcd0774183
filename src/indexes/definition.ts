import { quoteIdentifier } from "../adapters/sql-file.js";
import { defaultName, storedName } from "../database/index.js";
import { UsageError } from "../findings/errors.js";

/** An index that is wanted. Names are as the catalogs hold them, unquoted. */
export interface IndexDefinition {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly columns: readonly IndexColumn[];
  readonly unique?: boolean | undefined;
  /** `btree` where it is missing. */
  readonly method?: string | undefined;
  /** SQL of the predicate, without WHERE. */
  readonly where?: string | undefined;
  readonly include?: readonly string[] | undefined;
  /** PostgreSQL 15 and later. */
  readonly nullsNotDistinct?: boolean | undefined;
  /** `{ fillfactor: "90" }` */
  readonly storage?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly tablespace?: string | undefined;
}

/** A key of an index: a column or an expression, one of the two. */
export interface IndexColumn {
  readonly column?: string | undefined;
  /** SQL, without the parentheses that an index puts around it. */
  readonly expression?: string | undefined;
  readonly order?: "asc" | "desc" | undefined;
  readonly nulls?: "first" | "last" | undefined;
  /** One name, or with its schema as SQL writes it: `"extensions"."gin_trgm_ops"`. */
  readonly opclass?: string | undefined;
  /** One name (`de_DE.utf8` is one), or with its schema as SQL writes it: `"pg_catalog"."C"`. */
  readonly collation?: string | undefined;
}

export interface StatementOptions {
  readonly concurrently: boolean;
  /** On a partitioned table: its own index only, invalid until those of all partitions are attached. */
  readonly only?: boolean;
}

/** The statement that builds an index, without a semicolon. Its name is never left to the server. */
export function createStatement(
  definition: IndexDefinition,
  { concurrently, only }: StatementOptions,
): string {
  const { schema, table, name, method, include = [], where, nullsNotDistinct, tablespace } = definition;
  const storage = Object.entries(definition.storage ?? {});
  return [
    "CREATE",
    ...(definition.unique ? ["UNIQUE"] : []),
    "INDEX",
    ...(concurrently ? ["CONCURRENTLY"] : []),
    quoteIdentifier(name),
    only ? "ON ONLY" : "ON",
    `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
    ...(method === undefined ? [] : [`USING ${quoteIdentifier(method)}`]),
    `(${definition.columns.map(keySql).join(", ")})`,
    ...(include.length ? [`INCLUDE (${include.map(quoteIdentifier).join(", ")})`] : []),
    ...(nullsNotDistinct ? ["NULLS NOT DISTINCT"] : []),
    ...(storage.length ? [`WITH (${storage.map(storageSql).join(", ")})`] : []),
    ...(tablespace === undefined ? [] : [`TABLESPACE ${quoteIdentifier(tablespace)}`]),
    ...(where === undefined ? [] : [`WHERE ${where}`]),
  ].join(" ");
}

/** The statement that drops one. A partitioned index can't be dropped concurrently: it takes a strong lock for a moment. */
export function dropStatement(
  { schema, name }: Pick<IndexDefinition, "schema" | "name">,
  { concurrently }: Pick<StatementOptions, "concurrently">,
): string {
  return `DROP INDEX ${concurrently ? "CONCURRENTLY " : ""}${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** The name that Prisma gives an index: `<table>_<columns>_idx`, `_key` where it is unique, of 63 bytes at most. */
export function usualIndexName({
  table,
  columns,
  unique,
}: Pick<IndexDefinition, "table" | "columns" | "unique">): string {
  return defaultName(
    table,
    columns.map(({ column }) => column ?? "expr"),
    unique ? "key" : "idx",
  );
}

/**
 * The name that somebody gave, else the usual one.
 *
 * @throws UsageError where PostgreSQL would cut it.
 */
export function indexName(definition: Omit<IndexDefinition, "name">, given: string | undefined): string {
  if (given === undefined) return usualIndexName(definition);
  if (given !== "" && isWholeName(given)) return given;
  throw new UsageError(
    `PostgreSQL keeps 63 bytes of a name; ${given} has ${Buffer.byteLength(given)}`,
    `give a shorter one: --name ${usualIndexName(definition)}`,
  );
}

/** False for a name that PostgreSQL would cut: it keeps 63 bytes, whatever the number of characters. */
export function isWholeName(name: string): boolean {
  return storedName(name) === name;
}

/** `public.assets_tenantId_idx`, for people. */
export function shownIndex({ schema, name }: Pick<IndexDefinition, "schema" | "name">): string {
  return `${schema}.${name}`;
}

/** `public.assets`, for people. */
export function shownTable({ schema, table }: Pick<IndexDefinition, "schema" | "table">): string {
  return `${schema}.${table}`;
}

function keySql({ column, expression, order, nulls, opclass, collation }: IndexColumn): string {
  return [
    column === undefined ? `(${expression})` : quoteIdentifier(column),
    ...(collation === undefined ? [] : [`COLLATE ${nameSql(collation)}`]),
    ...(opclass === undefined ? [] : [nameSql(opclass)]),
    ...(order === undefined ? [] : [order.toUpperCase()]),
    ...(nulls === undefined ? [] : [`NULLS ${nulls.toUpperCase()}`]),
  ].join(" ");
}

/** What starts with a quote is SQL already (`definition-file.ts` has checked its form). */
function nameSql(name: string): string {
  return name.startsWith('"') ? name : quoteIdentifier(name);
}

function storageSql([name, value]: [string, string | number | boolean]): string {
  return `${quoteIdentifier(name)} = ${typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : value}`;
}
