import type { Snapshot } from "../../adapters/postgres/snapshot.js";
import { readSql } from "../../adapters/sql-file.js";
import type { Audited } from "../../database/index.js";
import type { ColumnWidth } from "./estimate.js";
import type { Proposal } from "./propose.js";
import { columnsOf } from "./types.js";

interface ActivityRow {
  id: string;
  deleted: number;
  bytes: number;
}

/** Deletes and sizes of all tables; of a partitioned one its partitions are summed. */
export async function readActivity(snapshot: Snapshot, { catalog }: Audited) {
  const rows = await snapshot.query<ActivityRow & Record<string, unknown>>(readSql("indexes/activity"), [
    catalog.tables.map(({ id }) => id),
  ]);
  const deletes = new Map<string, number>();
  const bytes = new Map<string, number>();
  const byId = new Map(catalog.tables.map((table) => [table.id, table]));
  for (const row of rows) {
    for (let id: string | null = row.id; id !== null; id = byId.get(id)?.parentId ?? null) {
      deletes.set(id, (deletes.get(id) ?? 0) + row.deleted);
      bytes.set(id, (bytes.get(id) ?? 0) + row.bytes);
    }
  }
  return { deletes, bytes };
}

interface WidthRow {
  id: string;
  name: string;
  width: number;
  null_share: number;
}

/** The widths of a proposal's columns, as last analysed. */
export async function readWidths(snapshot: Snapshot, proposals: readonly Proposal[]) {
  const ids = [...new Set(proposals.map(({ candidate }) => candidate.owner.table.id))];
  const rows = await snapshot.query<WidthRow & Record<string, unknown>>(readSql("indexes/key-widths"), [ids]);
  const known = new Map(rows.map((row) => [JSON.stringify([row.id, row.name]), row]));
  return ({ candidate }: Proposal): (ColumnWidth | undefined)[] =>
    columnsOf(candidate).map(({ column }) => {
      const row = known.get(JSON.stringify([candidate.owner.table.id, column]));
      return row && { width: row.width, nullShare: row.null_share };
    });
}
