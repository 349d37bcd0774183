import { beforeEach, describe, expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import {
  buildInProgress,
  clientOf,
  indexState,
  itemsTable,
  slowFunction,
  untilPhase,
} from "../support/indexes.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
  await database.query(`${itemsTable(60)}; ${slowFunction}`);
  return () => database.drop();
});

const definitions = {
  plain: { table: "items", name: "items_a_idx", columns: [{ column: "a" }] },
  slow: { table: "items", name: "items_a_idx", columns: [{ expression: "slow(a)" }] },
};
const folderFor = (kind: keyof typeof definitions) =>
  project({ "i.json": JSON.stringify({ schemaVersion: 1, indexes: [definitions[kind]] }) });
const createArgs = ["index", "create", "i.json", "--yes"];
const isIn = (phase: string) => async () =>
  (await buildInProgress(database))?.phase.startsWith(phase) === true;
const ours = async () =>
  (
    await database.query(
      "select from pg_stat_activity where application_name = 'tenantctl index' and datname = current_database()",
    )
  ).length;

/** Kills a create with SIGKILL as soon as its build is in a phase. */
async function killedIn(folder: string, phase: string): Promise<number> {
  const result = await tenantctl(createArgs, {
    cwd: folder,
    env: { DATABASE_URL: database.url },
    killWhen: { signal: "SIGKILL", ready: isIn(phase) },
  });
  expect(result.code).toBe(null);
  const build = await buildInProgress(database);
  // The server goes on without its client.
  expect(build?.phase).toMatch(/./);
  return build!.pid;
}

interface Phase {
  readonly phase: string;
  readonly kind: keyof typeof definitions;
  /** Brings the build there, once it runs; returns what lets it go on. */
  readonly hold: () => Promise<() => Promise<unknown>>;
}

const nothing = async () => async () => {};

const phases: Phase[] = [
  {
    phase: "waiting for writers before build",
    kind: "plain",
    hold: async () => {
      const writer = await clientOf(database.url);
      await writer.query("begin; update items set body = 'y' where id = 1");
      return () => writer.query("commit");
    },
  },
  { phase: "building index: scanning table", kind: "slow", hold: nothing },
  {
    phase: "waiting for writers before validation",
    kind: "slow",
    hold: async () => {
      const writer = await clientOf(database.url);
      void untilPhase(database, "building index: scanning table").then(() =>
        writer.query("begin; insert into items values (5000, 1, 5000)"),
      );
      return () => writer.query("commit");
    },
  },
  {
    phase: "index validation: scanning table",
    kind: "slow",
    hold: async () => {
      const writer = await clientOf(database.url);
      // Rows that the first scan does not see, and the validation has to add one by one.
      void untilPhase(database, "building index: scanning table")
        .then(() =>
          writer.query("begin; insert into items select i, 1, i from generate_series(5000, 5100) as i"),
        )
        .then(() => untilPhase(database, "waiting for writers before validation"))
        .then(() => writer.query("commit"));
      return async () => {};
    },
  },
  {
    phase: "waiting for old snapshots",
    kind: "plain",
    hold: async () => {
      const reader = await clientOf(database.url);
      await reader.query("begin isolation level repeatable read; select 1 from pg_class limit 1");
      return () => reader.query("commit");
    },
  },
];

describe.each(phases)("killed while $phase", ({ phase, kind, hold }) => {
  test("the server goes on, and resume waits for it", async () => {
    const folder = folderFor(kind);
    const release = await hold();
    await killedIn(folder, phase);
    const before = await ours();
    const resuming = tenantctlJson(["index", "resume", "--yes"], {
      cwd: folder,
      env: { DATABASE_URL: database.url },
    });
    await expect.poll(ours, { timeout: 5000, interval: 20 }).toBeGreaterThan(Math.min(before, 1));
    await release();
    const { code, report } = await resuming;
    expect(report.checks[0]).toMatchObject({
      status: "pass",
      facts: { indexes: [{ state: "built", attempts: 1 }] },
    });
    expect(code).toBe(0);
    expect(await indexState(database, "items_a_idx")).toBe("valid");
  });

  test("the server's process dies too: resume drops what is left, and builds", async () => {
    const folder = folderFor(kind);
    const release = await hold();
    const pid = await killedIn(folder, phase);
    await database.query("select pg_terminate_backend($1)", [pid]);
    await expect.poll(async () => (await buildInProgress(database))?.pid).not.toBe(pid);
    await release();
    if ((await indexState(database, "items_a_idx")) !== "none")
      expect(await indexState(database, "items_a_idx")).toBe("invalid");
    const { code, report } = await tenantctlJson(["index", "resume", "--yes"], {
      cwd: folder,
      env: { DATABASE_URL: database.url },
    });
    expect(report.checks[0]).toMatchObject({ status: "pass", facts: { indexes: [{ state: "built" }] } });
    expect(code).toBe(0);
    expect(await indexState(database, "items_a_idx")).toBe("valid");
    // All journals are closed now.
    const again = await tenantctl(["index", "resume", "--yes"], {
      cwd: folder,
      env: { DATABASE_URL: database.url },
    });
    expect(again.stderr).toMatch(/no journal has anything open/);
  });
});

describe("a drop", () => {
  const dropArgs = ["index", "drop", "items_a_idx", "--yes"];
  const isWaiting = async () =>
    (
      await database.query(
        "select from pg_stat_activity where query like 'DROP INDEX CONCURRENTLY%' and wait_event_type = 'Lock' and datname = current_database()",
      )
    ).length > 0;

  test.each([true, false])(
    "killed while it waits, its process too: %s; resume ends it",
    async (isProcessKilled) => {
      const folder = project({});
      await database.query("create index items_a_idx on items (a)");
      const reader = await clientOf(database.url);
      await reader.query("begin; select 1 from items limit 1");
      const killed = await tenantctl(dropArgs, {
        cwd: folder,
        env: { DATABASE_URL: database.url },
        killWhen: { signal: "SIGKILL", ready: isWaiting },
      });
      expect(killed.code).toBe(null);
      expect(await indexState(database, "items_a_idx")).toBe("invalid");
      if (isProcessKilled)
        await database.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where query like 'DROP INDEX CONC%'",
        );
      const resuming = tenantctlJson(["index", "resume", "--yes"], {
        cwd: folder,
        env: { DATABASE_URL: database.url },
      });
      await reader.query("commit");
      const { code, report } = await resuming;
      expect(report.checks[0]!.facts.indexes).toMatchObject([
        { state: expect.stringMatching(/dropped|not there/) },
      ]);
      expect(code).toBe(0);
      expect(await indexState(database, "items_a_idx")).toBe("none");
    },
  );
});

describe("Ctrl-C", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s cancels on the server, cleans, and says what is left",
    async (signal) => {
      const folder = folderFor("slow");
      const result = await tenantctl(createArgs, {
        cwd: folder,
        env: { DATABASE_URL: database.url },
        killWhen: { signal, ready: isIn("building index: scanning table") },
      });
      expect(result.code).toBe(130);
      expect(result.stdout).toBe("");
      expect(result.stderr).toMatch(/interrupted: .*nothing is left of public\.items_a_idx/);
      expect(result.stderr).toMatch(/tenantctl index resume/);
      expect(await indexState(database, "items_a_idx")).toBe("none");
      await expect.poll(ours, { timeout: 3000 }).toBe(0);
    },
  );

  test("with --json it is a document too", async () => {
    const result = await tenantctl([...createArgs, "--json"], {
      cwd: folderFor("slow"),
      env: { DATABASE_URL: database.url },
      killWhen: { signal: "SIGINT", ready: isIn("building index: scanning table") },
    });
    expect(result.code).toBe(130);
    expectValidReport(result);
    expect(JSON.parse(result.stdout).error.message).toMatch(/interrupted/);
  });
});
