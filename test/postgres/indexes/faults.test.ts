import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, inject, test } from "vitest";
import { createDatabase, type TestDatabase, urlOf } from "../../support/database.js";
import {
  clientOf,
  create,
  indexState,
  itemsTable,
  observer,
  slowFunction,
  stateFolder,
  untilPhase,
  wantedIndex,
} from "../../support/indexes.js";
import { startPgBouncer } from "../../support/pgbouncer.js";

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
  await database.query(`${itemsTable()}; ${slowFunction}`);
  return () => database.drop();
});
const run = () => ({ url: database.url, stateFolder: stateFolder() });
const slow = wantedIndex({ columns: [{ expression: "slow(a)" }] });

test.each([1, 4])(
  "PgBouncer in transaction mode, %s connections: refused, with the way to a direct one",
  async (size) => {
    const bouncer = await startPgBouncer(inject("postgresUrl"), size);
    try {
      await expect(
        create({ ...run(), url: bouncer.urlFor(database.name) }, wantedIndex()),
      ).rejects.toMatchObject({
        message: expect.stringMatching(/pooler in transaction mode/),
        hint: expect.stringMatching(/DIRECT_URL/),
      });
      expect(await indexState(database, "items_a_idx")).toBe("none");
    } finally {
      await bouncer.stop();
    }
  },
);

test("PgBouncer in session mode has a session of ours behind it: built", async () => {
  const bouncer = await startPgBouncer(inject("postgresUrl"), 10, "session");
  try {
    expect(await create({ ...run(), url: bouncer.urlFor(database.name) }, wantedIndex())).toMatchObject([
      { state: "built" },
    ]);
  } finally {
    await bouncer.stop();
  }
});

test("a disk that can't be read: the size of what is built is counted off what was said to be free", async () => {
  await database.query("delete from items where id > 300");
  // An expression is taken to be 16 bytes wide; this one is two thousand.
  await database.query(`create function wide(value int) returns text immutable language plpgsql as
    $$ begin perform pg_sleep(0.005); return (select string_agg(md5(value::text || i), '') from generate_series(1, 60) as i); end $$`);
  const role = { name: `plain_${database.name}`, password: "secret" };
  await database.query(
    `create role ${role.name} login password 'secret'; alter table items owner to ${role.name}`,
  );
  await database.query(`grant create on schema public to ${role.name}; grant pg_monitor to ${role.name}`);
  const url = urlOf(inject("postgresUrl"), database.name, role);
  const wanted = wantedIndex({ columns: [{ expression: "wide(b)" }] });
  const limits = { minFreeDisk: 1_000_000, freeDisk: 1_100_000 };
  const blocker = await clientOf(database.url);
  await blocker.query("begin isolation level repeatable read; select 1");
  const building = create({ ...run(), url, limits, deadline: 20_000 }, wanted);
  const result = await building;
  await blocker.query("rollback");
  expect(result).toMatchObject([
    {
      state: "stopped",
      reason: expect.stringMatching(/free on the server's disk, less than --min-free-disk/),
    },
  ]);
  expect(await indexState(database, "items_a_idx")).toBe("none");
  await database.query(`drop owned by ${role.name} cascade; drop role ${role.name}`);
});

test("autovacuum at work on the table: it is said whom the build waits for", async () => {
  const vacuum = await clientOf(database.url, "vacuumdb");
  await database.query("set vacuum_cost_delay = 0");
  await vacuum.query("set vacuum_cost_delay = '20ms'; set vacuum_cost_limit = 1");
  await database.query(
    "insert into items select i, i, i, repeat('x', 500) from generate_series(2000, 8000) as i; delete from items where id % 2 = 0",
  );
  const vacuuming = vacuum.query("vacuum items").catch(() => {});
  const look = observer();
  await expect
    .poll(
      async () =>
        (await database.query("select from pg_stat_progress_vacuum where datname = current_database()"))
          .length,
    )
    .toBe(1);
  const building = create({ ...run(), observe: look.observe }, wantedIndex());
  const event = await look.until((each) => each.kind === "progress" && each.progress.blockers.length > 0);
  expect(event).toMatchObject({
    progress: {
      phase: expect.stringMatching(/waiting for a lock on the table|starting/),
      blockers: [{ application: "vacuumdb" }],
    },
  });
  await database.query(
    "select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'vacuumdb'",
  );
  await vacuuming;
  expect(await building).toMatchObject([{ state: "built" }]);
});

test("our own sessions hold no snapshot while a build runs: none waits for another of ours", async () => {
  await database.query(`delete from items where id > 150; ${itemsTable(150, "others")}`);
  const building = create(
    run(),
    wantedIndex(),
    wantedIndex({ name: "other_a", table: "others" }),
    { ...slow, name: "slow_a" },
    wantedIndex({ name: "slow_b", table: "others", columns: [{ expression: "slow(b)" }] }),
  );
  await untilPhase(database, "building index: scanning");
  const idle = await database.query(
    "select pid, query from pg_stat_activity where application_name = 'tenantctl index' and state like 'idle%' and backend_xmin is not null",
  );
  expect(idle).toEqual([]);
  expect((await building).map(({ state }) => state)).toEqual(["built", "built", "built", "built"]);
});

test("without a journal nothing is begun", async () => {
  const taken = join(stateFolder(), "file");
  writeFileSync(taken, "");
  await expect(create({ ...run(), stateFolder: taken }, wantedIndex())).rejects.toThrow(
    /can't write a journal in/,
  );
  expect(await indexState(database, "items_a_idx")).toBe("none");
});

test("a column that is renamed in the middle of a run is told from a failed build", async () => {
  const blocker = await clientOf(database.url);
  await blocker.query("begin; alter table items rename column a to z");
  const building = create(run(), wantedIndex());
  setTimeout(() => void blocker.query("commit"), 700);
  expect(await building).toMatchObject([
    { state: "refused", reason: expect.stringMatching(/column "a" does not exist/), drafts: [] },
  ]);
});
