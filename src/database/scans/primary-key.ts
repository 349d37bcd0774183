import { quoteIdentifier, quoteLiteral } from "../../adapters/sql-file.js";
import { type AuditedTable, columnNamed } from "../audited-table.js";
import type { CatalogTable } from "../catalog/types.js";

/** What tells the rows of a table apart, and the SQL that reads it for a sample. */
export interface RowKey {
  readonly columns: readonly string[];
  /** `c."id" as k1, …` */
  readonly select: string;
  /** JSON object of column name to text, from the table's alias. */
  fromTable(alias: string): string;
  /** The same from the columns k1, k2… of a stray. */
  fromStray(alias: string): string;
  /** To sort strays by. */
  readonly order: string;
}

/** The primary key, else a unique key without nulls, else what the schema says, else the row's place on disk. */
export function rowKey(audited: AuditedTable): RowKey {
  const columns = keyColumns(audited);
  const expressions = columns.map((column) =>
    column === "ctid" ? "c.ctid" : `c.${quoteIdentifier(column)}`,
  );
  const object = (value: (index: number, column: string) => string) =>
    `jsonb_build_object(${columns.map((column, index) => `${quoteLiteral(column)}, ${value(index, column)}::text`).join(", ")})`;
  return {
    columns,
    select: expressions.map((expression, index) => `${expression} as k${index + 1}`).join(", "),
    fromTable: (alias) =>
      object((_, column) => `${alias}.${column === "ctid" ? column : quoteIdentifier(column)}`),
    fromStray: (alias) => object((index) => `${alias}.k${index + 1}`),
    order: columns.map((_, index) => `s.k${index + 1}`).join(", "),
  };
}

function keyColumns(audited: AuditedTable): readonly string[] {
  const { table } = audited;
  const isNotNull = (name: string | null) =>
    table.columns.some((column) => column.name === name && column.isNotNull);
  const key =
    table.indexes.find((index) => index.isPrimary) ??
    table.indexes.find(
      (index) =>
        index.isUnique && index.isValid && index.predicate === null && index.keyColumns.every(isNotNull),
    );
  if (key) return key.keyColumns as string[];
  return table.kind === "table" || table.kind === "partitioned" ? ["ctid"] : declaredKey(audited);
}

/** A view has no keys and no place on disk: its model has an id all the same, as Prisma wants it. */
function declaredKey({ table, registered }: AuditedTable): readonly string[] {
  const keys = registered?.model.keys ?? [];
  const key = keys.find(({ kind }) => kind === "id") ?? keys.find(({ kind }) => kind === "unique");
  const columns = (key?.fields ?? []).flatMap((name) => {
    const field = registered?.model.fields.find((each) => each.name === name);
    return (field && columnNamed(table, field.column)?.name) ?? [];
  });
  return columns.length ? columns : table.columns.slice(0, 1).map(({ name }) => name);
}

const numeric = new Set(["int2", "int4", "int8", "oid"]);

/** Sampled keys as they go into evidence: the value itself for a single column, else an object. */
export function sampleOf(rows: readonly Record<string, string>[] | null, table: CatalogTable): unknown[] {
  const types = new Map(table.columns.map((column) => [column.name, column.baseType]));
  const value = (column: string, text: string) => {
    const number = numeric.has(types.get(column) ?? "") ? Number(text) : Number.NaN;
    return Number.isSafeInteger(number) ? number : text;
  };
  return (rows ?? []).map((row) => {
    const entries = Object.entries(row).map(([column, text]) => [column, value(column, text)] as const);
    return entries.length === 1 ? entries[0]![1] : Object.fromEntries(entries);
  });
}
