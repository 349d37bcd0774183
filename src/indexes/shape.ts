import type { Session } from "../adapters/postgres/connect.js";
import { quoteIdentifier } from "../adapters/sql-file.js";
import { createStatement, type IndexDefinition } from "./definition.js";

/**
 * What an index holds, in the server's own words and without its name and table: `UNIQUE USING btree
 * (lower(email)) WHERE …`. Two indexes of one table with the same shape do the same work.
 */
export type Shape = string;

const named = String.raw`(?:"(?:[^"]|"")*"|[^"\s.]+)`;
const beginning = new RegExp(
  String.raw`^CREATE (UNIQUE )?INDEX ${named} ON (?:ONLY )?(?:${named}\.)?${named} `,
);

/** The shape in what `pg_get_indexdef` says. */
export function shapeOf(definition: string): Shape {
  return definition.replace(beginning, (_, unique = "") => unique);
}

/**
 * Lets the server read a definition as it would for the real table: on an empty temporary copy, in a
 * transaction that is rolled back. So `lower(email)`, a default operator class or `NULLS LAST` come out as
 * they do for an index that stands, and a wrong column is refused before anything is built.
 *
 * @throws the server's error where it would refuse the index itself, or the role may make no temporary table.
 */
export async function readShape(session: Session, definition: IndexDefinition): Promise<Shape> {
  const copy = "tenantctl_shape";
  const table = `${quoteIdentifier(definition.schema)}.${quoteIdentifier(definition.table)}`;
  const statement = createStatement(
    { ...definition, schema: "pg_temp", table: copy, name: copy.concat("_index") },
    { concurrently: false },
  );
  await session.query("begin");
  try {
    await session.query("set local lock_timeout = '5s'");
    // Read only for the server's data: nothing of it outlives the transaction.
    await session.run(`create temporary table ${copy} (like ${table}) on commit drop`);
    await session.run(statement);
    const [row] = await session.query<{ definition: string }>(
      `select pg_catalog.pg_get_indexdef('pg_temp.${copy}_index'::regclass) as definition`,
    );
    return shapeOf(row!.definition);
  } finally {
    await session.query("rollback").catch(() => {});
  }
}
