import { notFound } from "../http/problem.js";
import type { PracticeRow, StaffMember } from "./rows.js";

/** Rows in insertion order with one key column. */
export class Table<Row, Key extends string | number> {
  readonly rows: Row[] = [];
  private readonly keyOf: (row: Row) => Key;

  constructor(keyOf: (row: Row) => Key) {
    this.keyOf = keyOf;
  }

  insert(row: Row): Row {
    this.rows.push(row);
    return row;
  }

  get(key: Key): Row | undefined {
    return this.rows.find((row) => this.keyOf(row) === key);
  }

  /** The next number after the highest key; only for tables with number keys. */
  nextNumber(): number {
    return Math.max(0, ...this.rows.map((row) => Number(this.keyOf(row)))) + 1;
  }
}

/** A live row of any practice, or 404. */
export function anyRow<Row extends PracticeRow, Key extends string | number>(
  table: Table<Row, Key>,
  key: Key,
): Row {
  const row = table.get(key);
  if (row === undefined || row.deletedAt !== undefined) throw notFound();
  return row;
}

/** A live row of the caller's practice, or 404: another practice's row looks like no row. */
export function ownRow<Row extends PracticeRow, Key extends string | number>(
  table: Table<Row, Key>,
  key: Key,
  me: StaffMember,
): Row {
  const row = anyRow(table, key);
  if (row.practiceId !== me.practiceId) throw notFound();
  return row;
}

/** All live rows of one practice. */
export function rowsOf<Row extends PracticeRow>(table: { rows: Row[] }, practiceId: string): Row[] {
  return table.rows.filter((row) => row.practiceId === practiceId && row.deletedAt === undefined);
}

/** Creation and change time of a new row. */
export function stampNow(): { createdAt: string; updatedAt: string } {
  const now = new Date().toISOString();
  return { createdAt: now, updatedAt: now };
}

/** Copies the given changes on the row and renews its change time. */
export function change<Row extends { updatedAt: string }>(row: Row, changes: Partial<Row>): Row {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.assign(row, Object.fromEntries(given), { updatedAt: new Date().toISOString() });
}
