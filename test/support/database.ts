import pg from "pg";
import { inject } from "vitest";

/** A database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs SQL as its owner; several statements at once where there are no values. */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

let made = 0;

/** Creates an empty database, or a copy of a template. */
export async function createDatabase(
  template?: string,
  server = inject("postgresUrl"),
): Promise<TestDatabase> {
  made += 1;
  const name = `test_${process.pid}_${made}`;
  await onServer(server, `create database ${name}${template ? ` template ${template}` : ""}`);
  const url = urlOf(server, name);
  const client = new pg.Client(url);
  // A test may end this session from the server's side.
  client.on("error", () => {});
  await client.connect();
  return {
    url,
    name,
    query: async <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
      (await client.query<Row>(sql, values)).rows,
    drop: async () => {
      await client.end();
      await onServer(server, `drop database ${name} with (force)`);
    },
  };
}

/** Runs one statement on the server's maintenance database. */
export async function onServer(server: string, sql: string): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The server's URL with another database, and another role where one is given. */
export function urlOf(server: string, database: string, role?: { name: string; password: string }): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  if (role) [url.username, url.password] = [role.name, role.password];
  return url.href;
}
