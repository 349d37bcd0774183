import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { onTestFinished } from "vitest";
import { parseDatabaseAddress } from "../../src/adapters/postgres/address.js";
import {
  createIndexes,
  type DropTarget,
  dropIndexes,
  type IndexDefinition,
  type IndexPreview,
  type IndexResult,
  previewIndex,
  type RunOptions,
  resolveNames,
  resumeWork,
  type WorkEvent,
  withSite,
} from "../../src/indexes/index.js";
import type { TestDatabase } from "./database.js";

/** Where Debian keeps its server's programs. */
export const debianBinaries = "/usr/lib/postgresql/15/bin";

/** A state folder, gone when the test ends. */
export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-indexes-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestRun extends Partial<Omit<RunOptions, "address">> {
  readonly url: string;
  readonly stateFolder: string;
}

export function runOptions({ url, ...rest }: TestRun): RunOptions {
  return {
    address: parseDatabaseAddress(url),
    jobs: 2,
    deadline: 60_000,
    retries: 3,
    session: {},
    limits: {},
    signal: new AbortController().signal,
    observe: () => {},
    now: () => new Date(),
    ...rest,
  };
}

export async function create(run: TestRun, ...wanted: IndexDefinition[]): Promise<IndexResult[]> {
  return (await withSite(runOptions(run), (site) => createIndexes(site, wanted))).results;
}

export async function preview(run: TestRun, wanted: IndexDefinition): Promise<IndexPreview> {
  return withSite(runOptions(run), (site) => previewIndex(site, wanted));
}

export async function drop(run: TestRun, ...names: string[]): Promise<IndexResult[]> {
  return (await withSite(runOptions(run), async (site) => dropIndexes(site, await resolveNames(site, names))))
    .results;
}

export async function dropTargets(run: TestRun, targets: readonly DropTarget[]): Promise<IndexResult[]> {
  return (await withSite(runOptions(run), (site) => dropIndexes(site, targets))).results;
}

export async function resume(run: TestRun): Promise<IndexResult[]> {
  return (await withSite(runOptions(run), resumeWork)).results;
}

/** `items_a_idx` on `items (a)`, with whatever else is given. */
export function wantedIndex(more: Partial<IndexDefinition> = {}): IndexDefinition {
  return { schema: "public", table: "items", name: "items_a_idx", columns: [{ column: "a" }], ...more };
}

/** Another client of the database, ended with the test. */
export async function clientOf(url: string, applicationName = "other"): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: applicationName });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  return client;
}

/** Whether an index is there, and valid. */
export async function indexState(
  database: TestDatabase,
  name: string,
): Promise<"none" | "valid" | "invalid"> {
  const [row] = await database.query<{ valid: boolean }>(
    "select x.indisvalid as valid from pg_index as x join pg_class as i on i.oid = x.indexrelid where i.relname = $1",
    [name],
  );
  return row ? (row.valid ? "valid" : "invalid") : "none";
}

/** The phase of the build in progress, with the pid of its process. */
export async function buildInProgress(
  database: TestDatabase,
): Promise<{ pid: number; phase: string } | undefined> {
  const [row] = await database.query<{ pid: number; phase: string }>(
    "select pid, phase from pg_stat_progress_create_index where datname = current_database()",
  );
  return row;
}

/** Waits until a build is in a phase whose name begins so. */
export async function untilPhase(database: TestDatabase, phase: string): Promise<number> {
  for (let look = 0; look < 400; look += 1) {
    const build = await buildInProgress(database);
    if (build?.phase.startsWith(phase)) return build.pid;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`no build came to the phase ${phase}`);
}

/** Collects events, and waits for one. */
export function observer() {
  const events: WorkEvent[] = [];
  return {
    events,
    observe: (event: WorkEvent) => void events.push(event),
    until: async (isMeant: (event: WorkEvent) => boolean): Promise<WorkEvent> => {
      for (let look = 0; look < 400; look += 1) {
        const found = events.find(isMeant);
        if (found) return found;
        await new Promise((done) => setTimeout(done, 25));
      }
      throw new Error("the event did not come");
    },
  };
}

/** A table of so many rows: `id`, `a` (ten values a hundred), `b` (unique), `body`. */
export function itemsTable(rows = 1000, name = "items"): string {
  return `create table ${name} (id int primary key, a int, b int, body text);
    insert into ${name} select i, i % 100, i, 'x' || i from generate_series(1, ${rows}) as i;
    analyze ${name}`;
}

/** A function that takes its time, so that an index on it is built slowly: ten milliseconds a row. */
export const slowFunction = `create function slow(value int) returns int immutable language plpgsql
  as $$ begin perform pg_sleep(0.01); return value; end $$`;
