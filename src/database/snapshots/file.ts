import * as v from "valibot";
import { UsageError } from "../../findings/errors.js";
import type { DataSnapshot } from "../../findings/snapshot.js";

/** Of the file's shape; a reader refuses others. */
const schemaVersion = 1;

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{1,16}$/));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const column = v.strictObject({ name: v.string(), way: v.string() });

const tableShape = v.strictObject({
  schema: v.string(),
  table: v.string(),
  model: v.nullable(v.string()),
  isByTenant: v.boolean(),
  key: v.array(column),
  columns: v.array(column),
  tenantColumn: v.nullable(v.string()),
  unread: v.array(v.string()),
  /** Tenant, rows, sum of keys, sums of columns. */
  groups: v.array(v.strictTuple([v.nullable(v.string()), whole, hex, v.array(hex)])),
});

const fileShape = v.strictObject({
  kind: v.literal("tenantctl snapshot"),
  schemaVersion: v.literal(schemaVersion),
  takenAt: v.pipe(v.string(), v.isoTimestamp()),
  database: v.string(),
  server: v.string(),
  tenant: v.string(),
  areTenantsHashed: v.boolean(),
  invariants: v.array(v.strictObject({ name: v.string(), rows: v.array(v.string()) })),
  unseen: v.array(v.strictObject({ schema: v.string(), table: v.string(), reason: v.string() })),
  tables: v.array(tableShape),
});

/** The file's text: one line a table, so that two of them can be compared by eye. */
export function writeSnapshot({ tables, ...rest }: DataSnapshot): string {
  const head = JSON.stringify({ kind: "tenantctl snapshot", schemaVersion, ...rest }).slice(0, -1);
  const lines = tables.map((table) =>
    JSON.stringify({
      ...table,
      groups: table.groups.map(({ tenant, rows, keys, values }) => [
        tenant,
        rows,
        keys.toString(16),
        values.map((value) => value.toString(16)),
      ]),
    }),
  );
  return `${head},"tables":[\n${lines.join(",\n")}\n]}\n`;
}

/**
 * Reads what `writeSnapshot` wrote.
 *
 * @param name of the file, for messages
 * @throws UsageError where it is none, is cut off, or comes from a version with another shape.
 */
export function parseSnapshot(text: string, name: string): DataSnapshot {
  const hint = "write one with: tenantctl db snapshot";
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new UsageError(`${name} is no snapshot: it is no JSON, or is cut off`, hint);
  }
  const { kind, schemaVersion: version } = (data ?? {}) as Record<string, unknown>;
  if (kind !== "tenantctl snapshot") throw new UsageError(`${name} is no snapshot of tenantctl`, hint);
  if (version !== schemaVersion)
    throw new UsageError(
      `${name} has shape ${String(version)}; this version reads ${schemaVersion}`,
      "use the tenantctl that wrote it, or take a new one",
    );
  const parsed = v.safeParse(fileShape, data);
  if (!parsed.success)
    throw new UsageError(`${name} is damaged: ${v.getDotPath(parsed.issues[0]) ?? "it"} does not fit`, hint);
  const { tables, kind: _, schemaVersion: __, ...rest } = parsed.output;
  return {
    ...rest,
    tables: tables.map((table) => ({
      ...table,
      groups: table.groups.map(([tenant, rows, keys, values]) => {
        if (values.length !== table.columns.length)
          throw new UsageError(`${name} is damaged: ${table.table} has too few sums`, hint);
        return { tenant, rows, keys: fromHex(keys), values: values.map(fromHex) };
      }),
    })),
  };
}

function fromHex(text: string): bigint {
  return BigInt(`0x${text}`);
}
