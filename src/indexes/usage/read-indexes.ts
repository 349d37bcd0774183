import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { readSql } from "../../adapters/sql-file.js";
import {
  type Audited,
  type AuditedTable,
  type CatalogTable,
  everyTable,
  partitionsOf,
  refusal,
} from "../../database/index.js";
import { type IndexKey, type KeyWidth, type KnownIndex, widthOf } from "./types.js";

interface ShapeRow {
  id: string;
  table_id: string;
  parent_id: string | null;
  name: string;
  schema: string;
  keys: number[];
  key_count: number;
  operators: string[];
  collations: string[];
  options: number[];
  parameters: string[] | null;
  is_immediate: boolean;
  nulls_not_distinct: boolean;
  is_replica_identity: boolean;
  constraint_name: string | null;
  referenced_by: string[] | null;
  estimated_bytes: number;
  rows: number;
  fill_factor: number | null;
  creation_age: number | null;
}

interface DetailRow {
  id: string;
  bytes: number;
  definition: string;
  predicate: string | null;
  expressions: string[];
}

interface WidthRow {
  id: string;
  position: number;
  width: number;
  null_share: number;
}

/** Every index of the application's tables and their partitions, and what could not be read of them. */
export async function readIndexes(
  snapshot: Snapshot,
  audited: Audited,
): Promise<{ indexes: KnownIndex[]; unseen: string[] }> {
  const places = everyTable(audited).flatMap((owner) =>
    [owner.table, ...partitionsOf(owner.table, audited)].map((table) => ({ owner, table })),
  );
  const byId = new Map(places.map((place) => [place.table.id, place]));
  const shapes = await snapshot.query<ShapeRow & Record<string, unknown>>(readSql("indexes/shapes"), [
    [...byId.keys()],
  ]);
  const widthIds = [...byId.keys(), ...shapes.map(({ id }) => id)];
  const [widths, { details, unseen }] = await Promise.all([
    snapshot.query<WidthRow & Record<string, unknown>>(readSql("indexes/key-widths"), [widthIds]),
    readDetails(snapshot, shapes, byId),
  ]);
  const widthsById = new Map(widths.map((row) => [`${row.id}.${row.position}`, row]));
  const indexes = shapes.flatMap((row) => {
    const { owner, table } = byId.get(row.table_id)!;
    // What was made after the catalogs were read is not there: both see one snapshot, save for dropped ones.
    const catalog = table.indexes.find(({ name }) => name === row.name);
    return catalog ? [indexOf(row, { owner, table }, catalog, details.get(row.id), widthsById)] : [];
  });
  return { indexes, unseen };
}

type Place = { readonly owner: AuditedTable; readonly table: CatalogTable };

/** All at once; where a lock is in the way, table by table, so that one migration hides one table only. */
async function readDetails(
  snapshot: Snapshot,
  shapes: readonly ShapeRow[],
  places: ReadonlyMap<string, Place>,
) {
  const sql = readSql("indexes/details");
  const details = new Map<string, DetailRow>();
  const unseen: string[] = [];
  const read = async (ids: readonly string[]) => {
    for (const row of await snapshot.query<DetailRow & Record<string, unknown>>(sql, [ids]))
      details.set(row.id, row);
  };
  try {
    await read(shapes.map(({ id }) => id));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    for (const [id, { table }] of places) {
      const own = shapes.filter(({ table_id }) => table_id === id);
      if (own.length === 0) continue;
      await read(own.map((shape) => shape.id)).catch((reason: unknown) => {
        if (!(reason instanceof QueryError)) throw reason;
        unseen.push(`size and definition of its indexes: ${refusal(reason, table)}`);
      });
    }
  }
  return { details, unseen };
}

function indexOf(
  row: ShapeRow,
  place: Place,
  catalog: KnownIndex["catalog"],
  detail: DetailRow | undefined,
  widths: ReadonlyMap<string, WidthRow>,
): KnownIndex {
  const keys = row.keys.slice(0, row.key_count).map(
    (column, at): IndexKey => ({
      column,
      name: catalog.keyColumns[at] ?? null,
      expression: column === 0 ? detail?.expressions[at] : "",
      operators: row.operators[at]!,
      collation: row.collations[at]!,
      option: row.options[at]!,
      parameters: row.parameters?.[at] ?? "",
    }),
  );
  return {
    id: row.id,
    parentId: row.parent_id,
    ...place,
    catalog,
    keys,
    included: row.keys.slice(row.key_count),
    isImmediate: row.is_immediate,
    nullsNotDistinct: row.nulls_not_distinct,
    isReplicaIdentity: row.is_replica_identity,
    constraint: row.constraint_name,
    referencedBy: row.referenced_by ?? [],
    fillFactor: row.fill_factor,
    // Never counted: reltuples is -1 from PostgreSQL 14 on, 0 with no rows before.
    rows: row.rows > 0 ? row.rows : undefined,
    bytes: detail?.bytes ?? row.estimated_bytes,
    bytesBasis: detail ? "size" : "estimate",
    definition: detail?.definition ?? null,
    predicate: catalog.predicate === null ? null : detail?.predicate,
    creationAge: row.creation_age !== null && row.creation_age >= 0 ? row.creation_age : undefined,
    width: widthOfRow(row, widths),
  };
}

/** What one row takes in the index; undefined where a column was never analysed, or may not be seen. */
function widthOfRow(row: ShapeRow, widths: ReadonlyMap<string, WidthRow>): KeyWidth | undefined {
  const found = row.keys.map((column, at) =>
    // An expression's statistics stand under the index, by the position of its key.
    widths.get(column === 0 ? `${row.id}.${at + 1}` : `${row.table_id}.${column}`),
  );
  if (found.some((each) => each === undefined)) return undefined;
  return widthOf((found as WidthRow[]).map(({ width, null_share }) => ({ width, nullShare: null_share })));
}
