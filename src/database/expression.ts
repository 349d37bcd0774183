import { quoteIdentifier } from "../adapters/sql-file.js";
import type { CatalogTable } from "./catalog/types.js";

/** A column of an aliased table, with the type that decides what it can be compared with. */
export interface Expression {
  readonly sql: string;
  /** pg_type.typname of the base type. */
  readonly type: string;
}

/** `alias."column"` */
export function columnOf(alias: string, table: CatalogTable, name: string): Expression {
  const type = table.columns.find((column) => column.name === name)?.baseType ?? "unknown";
  return { sql: `${alias}.${quoteIdentifier(name)}`, type };
}

/** Types within one of these compare with each other by an index; others only as text. */
const families = [
  new Set(["int2", "int4", "int8"]),
  new Set(["text", "varchar"]),
  new Set(["timestamp", "timestamptz", "date"]),
];

/** True where PostgreSQL compares the two as they are, so that an index on either helps. */
export function areComparable(left: Expression, right: Expression): boolean {
  if (left.type === right.type) return true;
  return families.some((family) => family.has(left.type) && family.has(right.type));
}

/** `left = right`, with both cast to text where their types have no common equality. */
export function equals(left: Expression, right: Expression): string {
  return areComparable(left, right) ? `${left.sql} = ${right.sql}` : `${left.sql}::text = ${right.sql}::text`;
}
