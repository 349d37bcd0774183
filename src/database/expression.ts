import { quoteIdentifier } from "../adapters/sql-file.js";
import type { CatalogTable } from "./catalog/types.js";

/** A column of an aliased table, with what decides how it can be compared. */
export interface Expression {
  readonly sql: string;
  /** pg_type.typname of the base type. */
  readonly type: string;
  /** A collation that is not its type's own, quoted with its schema. */
  readonly collation?: string | null;
}

/** `alias."column"` */
export function columnOf(alias: string, table: CatalogTable, name: string): Expression {
  const column = table.columns.find((each) => each.name === name);
  return {
    sql: `${alias}.${quoteIdentifier(name)}`,
    type: column?.baseType ?? "unknown",
    collation: column?.collation ?? null,
  };
}

/** Types within one of these compare with each other by an index; others only as text. */
const families = [
  new Set(["int2", "int4", "int8"]),
  new Set(["text", "varchar"]),
  new Set(["timestamp", "timestamptz", "date"]),
];
const texts: ReadonlySet<string> = new Set(["text", "varchar", "bpchar"]);

/** True where PostgreSQL compares the two as they are, so that an index on either helps. */
export function areComparable(left: Expression, right: Expression): boolean {
  if (left.type === right.type) return !differInCollation(left, right);
  return (
    families.some((family) => family.has(left.type) && family.has(right.type)) &&
    !differInCollation(left, right)
  );
}

/** True where one holds many values, or a document, and the other one value: no comparison makes sense. */
export function areOfDifferentKinds(left: Expression, right: Expression): boolean {
  return kindOf(left) !== kindOf(right);
}

function kindOf({ type }: Expression): "array" | "document" | "value" {
  if (type.startsWith("_")) return "array";
  return type === "json" || type === "jsonb" ? "document" : "value";
}

/**
 * `left = right`. Without regard to case where either is citext, under the left one's collation where they
 * have two, and as text where their types have no common equality.
 */
export function equals(left: Expression, right: Expression): string {
  if (left.type !== right.type && isCaseless(left, right))
    return `${left.sql}::citext = ${right.sql}::citext`;
  if (differInCollation(left, right))
    return `${left.sql} = ${right.sql} collate ${left.collation ?? '"default"'}`;
  return areComparable(left, right) ? `${left.sql} = ${right.sql}` : `${left.sql}::text = ${right.sql}::text`;
}

function isCaseless(left: Expression, right: Expression): boolean {
  return (
    (left.type === "citext" && texts.has(right.type)) || (right.type === "citext" && texts.has(left.type))
  );
}

function differInCollation(left: Expression, right: Expression): boolean {
  const isText = texts.has(left.type) && texts.has(right.type);
  return isText && (left.collation ?? null) !== (right.collation ?? null);
}
