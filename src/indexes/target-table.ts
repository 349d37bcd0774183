import { readSql } from "../adapters/sql-file.js";
import { type IndexDefinition, shownTable } from "./definition.js";
import type { WorkSession } from "./session.js";

/** A table as the work on it needs it. */
export interface TableFacts {
  readonly id: string;
  /** `pg_class.relkind`: `p` is partitioned. */
  readonly kind: string;
  readonly rows: number;
  readonly bytes: number;
  /** The uppermost partitioned table; the table itself where it is no partition. */
  readonly rootId: string;
}

/** What is wrong with what was asked for: nothing was begun. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.name = "RefusedError";
  }
}

/** @throws RefusedError where there is no such table, or none that an index can be built on. */
export async function readTable(work: WorkSession, wanted: IndexDefinition): Promise<TableFacts> {
  const [row] = await work.session.query<{
    id: string;
    kind: string;
    rows: number;
    bytes: string;
    root_id: string;
  }>(readSql("indexes/table"), [wanted.schema, wanted.table]);
  if (!row)
    throw new RefusedError(
      `there is no table ${shownTable(wanted)}`,
      "check schema and table: names are compared with their case",
    );
  if (!["r", "p", "m"].includes(row.kind))
    throw new RefusedError(
      `${shownTable(wanted)} is no table`,
      "indexes stand on tables and materialized views",
    );
  return { id: row.id, kind: row.kind, rows: row.rows, bytes: Number(row.bytes), rootId: row.root_id };
}
