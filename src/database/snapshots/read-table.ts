import type { Snapshot } from "../../adapters/postgres/snapshot.js";
import type { TableSnapshot, TenantRows } from "../../findings/snapshot.js";
import { parallel } from "../scans/scan.js";
import { hashedTenant } from "./bare.js";
import { textSettings } from "./checksum.js";
import { type HashedTable, listedColumns, snapshotStatement } from "./statement.js";
import type { SnapshotOptions } from "./take.js";
import { writeTimesOf } from "./write-times.js";

interface GroupRow extends Record<string, unknown> {
  tenant: string | null;
  rows: string;
  keys: string;
  values: string[];
  written: string | null;
  created: string | null;
}

/** Counts and hashes one table, tenant by tenant. */
export async function readTable(
  snapshot: Snapshot,
  hashed: HashedTable,
  { writes, isBare }: SnapshotOptions,
  onStart: () => void,
): Promise<TableSnapshot> {
  const { table, source, key, columns, unread } = hashed;
  const times = writeTimesOf(table, writes ?? {});
  const hasTimes = times.since !== undefined || times.created !== undefined;
  const rows = await snapshot.query<GroupRow>(
    snapshotStatement(hashed, times),
    hasTimes ? [writes!.after] : [],
    { ...parallel, ...textSettings },
    onStart,
  );
  const listed = listedColumns(hashed);
  return {
    schema: table.table.schema,
    table: table.table.name,
    model: table.registered?.model.name ?? null,
    isByTenant: source !== undefined,
    key: key.flatMap(({ name }) => listed.find((column) => column.name === name) ?? []),
    columns: columns.length ? listed : [],
    tenantColumn: table.tenantColumn?.name ?? null,
    unread,
    groups: rows
      .map((row) => groupOf(row, isBare))
      .filter(({ rows: number, written = 0 }) => number + written > 0),
  };
}

function groupOf({ tenant, rows, keys, values, written, created }: GroupRow, isBare: boolean): TenantRows {
  return {
    tenant: tenant !== null && isBare ? hashedTenant(tenant) : tenant,
    rows: Number(rows),
    keys: reduced(keys),
    values: values.map(reduced),
    ...(written === null ? {} : { written: Number(written) }),
    ...(created === null ? {} : { created: Number(created) }),
  };
}

function reduced(sum: string): bigint {
  return BigInt.asUintN(64, BigInt(sum));
}
