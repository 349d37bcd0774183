import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedServer, startEmbeddedPostgres } from "../adapters/embedded-postgres.js";
import { readMigrations } from "../adapters/migrations.js";
import { parseDatabaseAddress } from "../adapters/postgres/address.js";
import { openSession } from "../adapters/postgres/connect.js";

/** The example application's folder: it ships with the package. */
export const exampleFolder = fileURLToPath(new URL("../../examples/divanco", import.meta.url));

export interface Demo {
  /** Database URL of the example, seeded and with its faults planted. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a server of our own and sets up the example on it. `say` is told each step before it begins. */
export async function startDemo(say: (step: string) => void, signal?: AbortSignal): Promise<Demo> {
  say("starting an embedded PostgreSQL on loopback");
  const server = await startEmbeddedPostgres();
  // A seed of some seconds is not waited for: the server goes, and its query with it.
  const stop = () => void server.stop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    signal?.throwIfAborted();
    const url = await setUpExample(server, "divanco", (step) => {
      signal?.throwIfAborted();
      say(step);
    });
    return { url, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Creates the example's database on a server: migrations, seed, planted faults. Returns its URL. */
export async function setUpExample(
  server: Pick<EmbeddedServer, "url" | "urlFor">,
  database: string,
  say: (step: string) => void,
): Promise<string> {
  const maintenance = await openSession(parseDatabaseAddress(server.url));
  await maintenance.query(`create database "${database}"`);
  await maintenance.end();

  const url = server.urlFor(database);
  const session = await openSession(parseDatabaseAddress(url));
  const prisma = join(exampleFolder, "prisma");
  const runFile = (name: string) => session.query(readFileSync(join(prisma, name), "utf8"));
  try {
    const migrations = readMigrations(join(prisma, "migrations"));
    say(`applying ${migrations.length} migrations of the example`);
    for (const { sql } of migrations) await session.query(sql);
    say("seeding 60 tenants and about 250,000 rows");
    await runFile("seed.sql");
    say("planting the faults that its README lists");
    await runFile("planted-faults.sql");
    await runFile("planted-invalid-index.sql").catch(isExpectedDuplicate);
    await session.query("analyze");
    return url;
  } finally {
    await session.end();
  }
}

/** The concurrent build of a unique index fails on duplicates: that is how it leaves an invalid index. */
function isExpectedDuplicate(error: { code?: string }): void {
  if (error.code !== "23505") throw error;
}
