import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../../src/adapters/embedded-postgres.js";
import { createDatabase, onServer, type TestDatabase, urlOf } from "../../support/database.js";
import {
  clientOf,
  create,
  debianBinaries,
  indexState,
  itemsTable,
  observer,
  preview,
  resume,
  slowFunction,
  stateFolder,
  untilPhase,
  wantedIndex,
} from "../../support/indexes.js";
import { type Standby, startStandby } from "../../support/standby.js";

let primary: EmbeddedServer;
let standby: Standby;
let database: TestDatabase;
beforeAll(async () => {
  primary = await startEmbeddedPostgres({ binaries: debianBinaries, settings: { wal_level: "replica" } });
  standby = await startStandby(primary, debianBinaries);
});
afterAll(async () => {
  await standby.stop();
  await primary.stop();
});
beforeEach(async () => {
  database = await createDatabase(undefined, primary.url);
  await database.query(`${itemsTable()}; ${slowFunction}`);
  return () => database.drop();
});
const run = () => ({ url: database.url, stateFolder: stateFolder() });
const slow = wantedIndex({ columns: [{ expression: "slow(a)" }] });

/** Holds the replica's replay while something is done. */
async function stalled(work: () => Promise<void>): Promise<void> {
  await onServer(standby.url, "select pg_wal_replay_pause()");
  try {
    await work();
  } finally {
    await onServer(standby.url, "select pg_wal_replay_resume()");
  }
}

/** A megabyte of log or so. */
const writeLog = () =>
  database.query(
    "create table if not exists noise (x text); insert into noise select repeat('x', 1000) from generate_series(1, 1000)",
  );

test("a standby is refused, with its primary's address", async () => {
  const url = urlOf(standby.url, "postgres");
  await expect(create({ ...run(), url }, wantedIndex())).rejects.toMatchObject({
    message: expect.stringMatching(/read-only standby/),
    hint: expect.stringContaining(`127.0.0.1:${primary.port}`),
  });
});

test("what the primary builds arrives at the standby", async () => {
  expect(await create({ ...run(), limits: { maxLag: { seconds: 60 } } }, wantedIndex())).toMatchObject([
    { state: "built" },
  ]);
  const client = new pg.Client(urlOf(standby.url, database.name));
  await client.connect();
  await expect
    .poll(
      async () =>
        (await client.query("select indisvalid from pg_index where indexrelid = to_regclass('items_a_idx')"))
          .rows,
    )
    .toEqual([{ indisvalid: true }]);
  await client.end();
});

test("a build does not begin while a replica is behind, and does when it has caught up", async () => {
  const look = observer();
  let building: Promise<unknown> | undefined;
  await stalled(async () => {
    await writeLog();
    building = create(
      { ...run(), limits: { maxLag: { bytes: 100_000 } }, observe: look.observe },
      wantedIndex(),
    );
    await look.until((event) => event.kind === "waiting" && /behind/.test(event.what));
    expect(await indexState(database, "items_a_idx")).toBe("none");
  });
  expect(await building).toMatchObject([{ state: "built" }]);
});

test.each([
  ["bytes", { bytes: 200_000 }],
  ["seconds", { seconds: 1 }],
])("a replica that falls behind by %s while it builds: cancelled, cleaned, resumable", async (_, maxLag) => {
  const own = run();
  const building = create({ ...own, limits: { maxLag } }, slow);
  await untilPhase(database, "building index");
  await stalled(async () => {
    await writeLog();
    expect(await building).toMatchObject([
      { state: "stopped", reason: expect.stringMatching(/behind, more than --max-lag/), drafts: [] },
    ]);
  });
  expect(await indexState(database, "items_a_idx")).toBe("none");
  await database.query("delete from items where id > 20");
  expect(await resume(own)).toMatchObject([{ state: "built" }]);
});

test("the log that is written while it builds has its limit", async () => {
  const building = create({ ...run(), limits: { maxWal: 500_000 } }, slow);
  await untilPhase(database, "building index");
  await writeLog();
  expect(await building).toMatchObject([
    {
      state: "stopped",
      reason: expect.stringMatching(/of write-ahead log since the start, more than --max-wal/),
    },
  ]);
  expect(await indexState(database, "items_a_idx")).toBe("none");
});

test("a role that may not see the replicas can't watch them: said, not passed over", async () => {
  const role = { name: `plain_${database.name}`, password: "secret" };
  await onServer(primary.url, `create role ${role.name} login password 'secret'`);
  await database.query(
    `alter table items owner to ${role.name}; grant create on schema public to ${role.name}`,
  );
  const url = urlOf(primary.url, database.name, role);
  await expect(
    create({ ...run(), url, limits: { maxLag: { seconds: 5 } } }, wantedIndex()),
  ).rejects.toMatchObject({ hint: expect.stringMatching(/GRANT pg_monitor/) });
  await expect(create({ ...run(), url, limits: { minFreeDisk: 1000 } }, wantedIndex())).rejects.toMatchObject(
    { hint: expect.stringMatching(/--free-disk/) },
  );
  expect(await create({ ...run(), url }, wantedIndex())).toMatchObject([{ state: "built" }]);
  await database.query("drop table items");
  await onServer(primary.url, `alter role ${role.name} nologin`);
});

test("disk: what does not fit is not begun, what grows over it is cancelled and cleaned", async () => {
  const full = await create({ ...run(), limits: { minFreeDisk: 2 ** 60 } }, wantedIndex());
  expect(full).toMatchObject([
    { state: "stopped", reason: expect.stringMatching(/less than --min-free-disk/) },
  ]);
  const tight = await create(
    { ...run(), limits: { minFreeDisk: 100_000, freeDisk: 110_000 } },
    wantedIndex(),
  );
  // This server's disk can be read, so nobody's word is taken for it.
  expect(tight).toMatchObject([{ state: "built" }]);
});

test("a standby's feedback and a slot that nobody reads are said before", async () => {
  const old = await clientOf(urlOf(standby.url, "postgres"));
  await onServer(standby.url, "alter system set hot_standby_feedback = on");
  await onServer(standby.url, "select pg_reload_conf()");
  await onServer(primary.url, "select pg_create_physical_replication_slot('forgotten')");
  await old.query("begin isolation level repeatable read; select 1 from pg_class limit 1");
  await expect
    .poll(
      async () =>
        (await preview(run(), wantedIndex())).blockers.map(({ kind, application }) => [kind, application]),
      {
        timeout: 15_000,
      },
    )
    .toEqual(
      expect.arrayContaining([
        ["slot", "forgotten"],
        ["standby", "standby"],
      ]),
    );
  await old.query("rollback");
  await onServer(primary.url, "select pg_drop_replication_slot('forgotten')");
});
