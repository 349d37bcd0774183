import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { CatalogColumn } from "../catalog/types.js";

/** How values of a type are hashed; two types of one way can be compared with each other. */
export type HashWay = "integer" | "uuid" | "boolean" | "timestamp" | "float" | "text";

const ways: Readonly<Record<string, HashWay>> = {
  int2: "integer",
  int4: "integer",
  int8: "integer",
  uuid: "uuid",
  bool: "boolean",
  timestamp: "timestamp",
  timestamptz: "timestamp",
  float4: "float",
  float8: "float",
};

/** All 64 bits of a value have to count: `hash…extended` of int8 folds them into 32, so its upper half seeds it. */
const hashes: Readonly<Record<HashWay, (value: string, seed: string) => string>> = {
  integer: (value, seed) =>
    `pg_catalog.hashint8extended(${value}::int8, pg_catalog.hashint8extended(${value}::int8 >> 32, ${seed}))`,
  uuid: (value, seed) => `pg_catalog.uuid_hash_extended(${value}, ${seed})`,
  boolean: (value, seed) => `pg_catalog.hashint8extended(${value}::int4, ${seed})`,
  // The hash of timestamps folds too; their bytes do not, and are quicker to write than their text.
  timestamp: (value, seed) =>
    `pg_catalog.hashtextextended(pg_catalog.encode(pg_catalog.timestamp_send(${value}::timestamp), 'hex') collate "C", ${seed})`,
  float: (value, seed) => `pg_catalog.hashfloat8extended(${value}::float8, ${seed})`,
  // Of bytes, whatever collation the column has. jsonb too: its own hash sees no brackets, `{}` is `[]` to it.
  text: (value, seed) => `pg_catalog.hashtextextended(${value}::text collate "C", ${seed})`,
};

export function hashWay({ baseType }: Pick<CatalogColumn, "baseType">): HashWay {
  return ways[baseType] ?? "text";
}

/**
 * SQL for a 64-bit hash of a column's value, seeded; null for null. The server's own functions for hash
 * partitions: what they return does not change from one version to the next, or `pg_dump` could not move those.
 */
export function hashOf(alias: string, column: CatalogColumn, seed: string): string {
  return hashes[hashWay(column)](`${alias}.${quoteIdentifier(column.name)}`, seed);
}

/** SQL for one hash of several columns' values, each seeding the next; a null counts as a value of its own. */
export function hashOfAll(alias: string, columns: readonly CatalogColumn[]): string {
  return columns.reduce((seed, column) => `coalesce(${hashOf(alias, column, seed)}, ${seed} # 1)`, "0::int8");
}

/**
 * Settings under which a value has one text, whatever the role's or the session's own are. They hold for one
 * statement.
 */
export const textSettings: Readonly<Record<string, string>> = {
  timezone: "UTC",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  extra_float_digits: "3",
  bytea_output: "hex",
  lc_monetary: "C",
};
