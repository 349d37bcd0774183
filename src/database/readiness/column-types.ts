import type { Field } from "../../registry/index.js";
import type { CatalogColumn } from "../catalog/types.js";

/** PostgreSQL types (pg_type.typname) that Prisma's scalars stand for, where no native type is named. */
const defaults: Readonly<Record<string, readonly string[]>> = {
  String: ["text", "varchar"],
  Boolean: ["bool"],
  Int: ["int4"],
  BigInt: ["int8"],
  Float: ["float8"],
  Decimal: ["numeric"],
  DateTime: ["timestamp"],
  Json: ["jsonb"],
  Bytes: ["bytea"],
};

/** `@db.X` to pg_type.typname. */
const natives: Readonly<Record<string, string>> = {
  Text: "text",
  VarChar: "varchar",
  Char: "bpchar",
  Uuid: "uuid",
  Citext: "citext",
  Xml: "xml",
  Inet: "inet",
  Bit: "bit",
  VarBit: "varbit",
  Boolean: "bool",
  Integer: "int4",
  Int: "int4",
  SmallInt: "int2",
  Oid: "oid",
  BigInt: "int8",
  DoublePrecision: "float8",
  Real: "float4",
  Decimal: "numeric",
  Money: "money",
  Timestamp: "timestamp",
  Timestamptz: "timestamptz",
  Date: "date",
  Time: "time",
  Timetz: "timetz",
  Json: "json",
  JsonB: "jsonb",
  ByteA: "bytea",
};

/**
 * Whether a column has the type that a field asks for. Length and precision count where the schema names
 * them. What can't be judged (an unknown native type, an enum) matches.
 */
export function typeMatches(field: Field, column: CatalogColumn): boolean {
  if (field.isList !== column.type.endsWith("[]")) return false;
  if (field.isEnum) return field.isList || column.isEnum;
  const [native, parameters] = field.nativeType ?? [];
  const expected = native === undefined ? defaults[field.type] : natives[native] && [natives[native]];
  if (!expected) return true;
  const actual = field.isList ? column.baseType.replace(/^_/, "") : column.baseType;
  if (!expected.includes(actual)) return false;
  const isMeasured = native !== undefined && ["VarChar", "Char", "Decimal"].includes(native);
  if (!isMeasured || !parameters?.length) return true;
  const stated = /\(([\d,\s]+)\)/.exec(column.type)?.[1]?.replaceAll(" ", "");
  return stated === parameters.join(",");
}

/** `String @db.VarChar(255)` */
export function describeField({ type, nativeType, isList }: Field): string {
  const [native, parameters] = nativeType ?? [];
  const list = isList ? "[]" : "";
  if (native === undefined) return `${type}${list}`;
  return `${type}${list} @db.${native}${parameters?.length ? `(${parameters.join(", ")})` : ""}`;
}
