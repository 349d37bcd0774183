import type { Session } from "../adapters/postgres/connect.js";
import { fillSql, quoteIdentifier, readSql } from "../adapters/sql-file.js";
import type { IndexDefinition } from "./definition.js";

/** Keys that more than one row has. */
export interface Duplicates {
  readonly keys: number;
  /** All rows that have them. */
  readonly rows: number;
  /** Ten of them at most: customers' data. */
  readonly sample: readonly { readonly key: readonly unknown[]; readonly rows: number }[];
}

/**
 * Looks for rows that would break a unique index, as its build would look at them: within its predicate, and
 * without those that hold a null, unless nulls are to count as equal. It reads the whole table.
 */
export async function findDuplicates(session: Session, definition: IndexDefinition): Promise<Duplicates> {
  const [row] = await session.query<{ keys: string; rows: string; sample: Duplicates["sample"] | null }>(
    duplicatesQuery(definition),
  );
  return { keys: Number(row!.keys), rows: Number(row!.rows), sample: row!.sample ?? [] };
}

/** The query, without running it. */
export function duplicatesQuery({
  schema,
  table,
  columns,
  where,
  nullsNotDistinct,
}: IndexDefinition): string {
  const keys = columns.map(({ column, expression }) =>
    column === undefined ? `(${expression})` : quoteIdentifier(column),
  );
  // A collation decides what is equal.
  const groups = columns.map(({ collation }, index) =>
    collation === undefined
      ? keys[index]!
      : `${keys[index]} collate ${collation.startsWith('"') ? collation : quoteIdentifier(collation)}`,
  );
  const conditions = [
    ...(where === undefined ? [] : [`(${where})`]),
    ...(nullsNotDistinct ? [] : keys.map((key) => `${key} is not null`)),
  ];
  return fillSql(readSql("indexes/duplicates"), {
    fragments: {
      keys: groups.map((key) => `(${key})::text`).join(", "),
      table: `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
      condition: conditions.join(" and ") || "true",
      groups: groups.map((key) => key).join(", "),
    },
  });
}
