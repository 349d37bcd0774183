import { fillSql, quoteIdentifier, readSql } from "../../adapters/sql-file.js";
import { type HashedColumn, wholeRow } from "../../findings/snapshot.js";
import type { AuditedTable } from "../audited-table.js";
import type { CatalogColumn } from "../catalog/types.js";
import { sourceSql, type TenantSource } from "../tenant-source.js";
import { hashOf, hashOfAll, hashWay } from "./checksum.js";
import type { WriteTimes } from "./write-times.js";

/** A table of a snapshot: whose its rows are, what tells them apart, what of them is hashed. */
export interface HashedTable {
  readonly table: AuditedTable;
  /** Undefined where its rows are nobody's in particular. */
  readonly source: TenantSource | undefined;
  readonly key: readonly CatalogColumn[];
  readonly columns: readonly CatalogColumn[];
  readonly unread: readonly string[];
}

/** What can be hashed of a table, and what tells its rows apart. */
export function hashedTable(table: AuditedTable, source: TenantSource | undefined): HashedTable {
  const readable = table.table.columns.filter(({ maySelect }) => maySelect);
  const columns = [...readable].sort((left, right) => (left.name < right.name ? -1 : 1));
  const unread = table.table.columns.filter(({ maySelect }) => !maySelect).map(({ name }) => name);
  return { table, source, key: keyOf(table, readable), columns, unread };
}

/** The primary key, else a unique key without nulls; empty where there is none that can be read. */
function keyOf({ table }: AuditedTable, readable: readonly CatalogColumn[]): CatalogColumn[] {
  const columnsOf = (names: readonly (string | null)[]) =>
    names.flatMap((name) => readable.find((column) => column.name === name && column.isNotNull) ?? []);
  const fits = table.indexes.filter(
    ({ isUnique, isValid, predicate, keyColumns }) =>
      isUnique && isValid && predicate === null && columnsOf(keyColumns).length === keyColumns.length,
  );
  const best = fits.find(({ isPrimary }) => isPrimary) ?? fits[0];
  return best ? columnsOf(best.keyColumns) : [];
}

/** How the columns are listed in a snapshot, in the order of the sums that the statement returns. */
export function listedColumns({ key, columns }: HashedTable): HashedColumn[] {
  const listed = columns.map((column) => ({ name: column.name, way: hashWay(column) }));
  if (key.length > 0) return listed;
  return [...listed, { name: wholeRow, way: listed.map(({ name, way }) => `${name} ${way}`).join(",") }];
}

/** SQL that hashes one table; `$1` is the moment after which writes are set apart, where there are times. */
export function snapshotStatement(hashed: HashedTable, times: WriteTimes): string {
  const { table, source, key, columns } = hashed;
  const rows = source && sourceSql(table, source, "c", source.hops.length > 0 ? "left join" : "join");
  const tenant = rows?.tenant.sql;
  const seed = key.reduce((inner, column) => hashOf("c", column, inner), "0::int8");
  const hashes = [
    ...columns.map((column) => hashOf("c", column, seed)),
    ...(key.length === 0 ? [hashOfAll("c", columns)] : []),
  ];
  const isWritten = times.since && isAfter(table, times.since);
  const isCreated = times.created && isAfter(table, times.created);
  // A column that says when a row was written may say nothing of one that was never written again.
  const isTouched = [isWritten, isCreated].filter((each) => each !== undefined).join(" or ") || undefined;
  const untouched = filter(isTouched);
  return fillSql(readSql("database/snapshot"), {
    fragments: {
      from: rows?.from ?? `${quoteIdentifier(table.table.schema)}.${quoteIdentifier(table.table.name)} as c`,
      tenant: tenant ?? "null::text",
      group: tenant ?? "()",
      there: filter(isCreated ?? isWritten),
      key: key.length ? seed : hashOfAll("c", withoutTenant(hashed)),
      values: hashes.map((hash) => `coalesce(sum(${hash}) ${untouched}, 0)`).join(", "),
      written: isWritten ? `count(*) filter (where ${isTouched})` : "null::int8",
      created: isCreated ? `count(*) filter (where ${isCreated})` : "null::int8",
    },
  });
}

/**
 * Null is no time at all: such a row was there. The moment is rounded as the column's times are: in a column of
 * milliseconds, a row of just before it would else be later.
 */
function isAfter({ table }: AuditedTable, name: string): string {
  const { type } = table.columns.find((column) => column.name === name)!;
  return `coalesce(c.${quoteIdentifier(name)} > $1::timestamptz::${type}, false)`;
}

function filter(condition: string | undefined): string {
  return condition === undefined ? "" : `filter (where not (${condition}))`;
}

/** Of a table without a key a row is what stands in it, whoever's it is. */
function withoutTenant({ table, columns }: HashedTable): readonly CatalogColumn[] {
  return columns.filter(({ name }) => name !== table.tenantColumn?.name);
}
