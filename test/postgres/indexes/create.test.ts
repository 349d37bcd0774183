import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../../src/adapters/embedded-postgres.js";
import { openJournal } from "../../../src/indexes/index.js";
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

const settings = { max_prepared_transactions: "4", deadlock_timeout: "500ms" };

describe.each([
  ["the embedded PostgreSQL 18", undefined],
  ["Debian's PostgreSQL 15", debianBinaries],
])("%s", (_, binaries) => {
  let server: EmbeddedServer;
  let database: TestDatabase;
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ settings, ...(binaries ? { binaries } : {}) });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await createDatabase(undefined, server.url);
    await database.query(itemsTable());
    return () => database.drop();
  });
  const run = () => ({ url: database.url, stateFolder: stateFolder() });

  test("builds, and says so only of what the catalogs hold", async () => {
    const own = run();
    const [result] = await create(
      own,
      wantedIndex({ columns: [{ column: "a" }, { column: "b", order: "desc" }] }),
    );
    expect(result).toMatchObject({ state: "built", attempts: 1, drafts: [] });
    expect(result!.bytes).toBeGreaterThan(8000);
    expect(await indexState(database, "items_a_idx")).toBe("valid");
    const [file] = readdirSync(join(own.stateFolder, "indexes"));
    const journal = openJournal(join(own.stateFolder, "indexes", file!)).entries();
    expect(journal.map(({ event }) => event).filter((event) => event !== "catalogued")).toEqual([
      ...["started", "wanted", "building", "built", "settled", "finished"],
    ]);
    expect(JSON.stringify(journal)).not.toContain(new URL(database.url).password);
  });

  test("the whole of a definition arrives: unique, expression, predicate, include, storage", async () => {
    const wanted = wantedIndex({
      unique: true,
      columns: [
        { expression: "lower(body)", collation: '"pg_catalog"."C"' },
        { column: "b", nulls: "last", order: "desc" },
      ],
      include: ["a"],
      where: "a > 0",
      storage: { fillfactor: 80 },
      nullsNotDistinct: true,
    });
    const own = run();
    expect(await create(own, wanted)).toMatchObject([{ state: "built" }]);
    // The server writes it in words of its own, and it is the same all the same.
    expect(await create(own, wanted)).toMatchObject([{ state: "already there", attempts: 1 }]);
    expect(await create(own, { ...wanted, storage: { fillfactor: 70 } })).toMatchObject([
      { state: "refused" },
    ]);
  });

  describe("an index of that name", () => {
    test("valid and the same: nothing is done", async () => {
      await database.query("create index items_a_idx on items (a)");
      expect(await create(run(), wantedIndex())).toMatchObject([{ state: "already there", drafts: [] }]);
    });

    test("with other columns", async () => {
      await database.query("create index items_a_idx on items (b)");
      const [result] = await create(run(), wantedIndex());
      expect(result!.drafts).toMatchObject([
        { rule: "index/name-conflict", message: expect.stringContaining("USING btree (b)") },
      ]);
    });

    test("on another table", async () => {
      await database.query(`${itemsTable(10, "others")}; create index items_a_idx on others (a)`);
      const [result] = await create(run(), wantedIndex());
      expect(result!.drafts).toMatchObject([
        { rule: "index/name-conflict", message: expect.stringContaining("an index on public.others") },
      ]);
    });

    test("in another schema is none of that name", async () => {
      await database.query("create schema elsewhere; create table elsewhere.t (a int)");
      await database.query("create index items_a_idx on elsewhere.t (a)");
      expect(await create(run(), wantedIndex())).toMatchObject([{ state: "built" }]);
    });

    test("is a table's name", async () => {
      await database.query("create table items_a_idx (x int)");
      const [result] = await create(run(), wantedIndex());
      expect(result!.drafts).toMatchObject([{ rule: "index/name-conflict" }]);
    });

    test("invalid and not ours: it is left alone, and said", async () => {
      await database.query("insert into items values (0, 1, 1)");
      await expect(
        database.query("create unique index concurrently items_a_idx on items (b)"),
      ).rejects.toThrow(/could not create/);
      await database.query("delete from items where id = 0");
      const [result] = await create(run(), wantedIndex({ unique: true, columns: [{ column: "b" }] }));
      expect(result).toMatchObject({ state: "refused", drafts: [{ rule: "index/invalid" }] });
      expect(await indexState(database, "items_a_idx")).toBe("invalid");
      await database.query("drop index items_a_idx");
      expect(await create(run(), wantedIndex())).toMatchObject([{ state: "built", drafts: [] }]);
    });
  });

  test("63 bytes: a name of as many is kept, multi-byte ones too, and one of its parts taken", async () => {
    const long = `${"ü".repeat(31)}x`;
    expect(Buffer.byteLength(long)).toBe(63);
    await database.query(`create table "${long}" (a int)`);
    const name = `${"é".repeat(31)}i`;
    expect(await create(run(), wantedIndex({ table: long, name }))).toMatchObject([{ state: "built" }]);
    expect(await indexState(database, name)).toBe("valid");
    expect(await create(run(), wantedIndex({ table: long, name }))).toMatchObject([
      { state: "already there" },
    ]);
  });

  test("names with quotes, blanks and dots", async () => {
    await database.query(`create schema "s.1"; create table "s.1"."a ""b"" ON c" ("x y" int)`);
    const wanted = { schema: "s.1", table: 'a "b" ON c', name: 'i "USING" (', columns: [{ column: "x y" }] };
    expect(await create(run(), wanted)).toMatchObject([{ state: "built" }]);
    expect(await create(run(), wanted)).toMatchObject([{ state: "already there" }]);
  });

  test("what the server would refuse is refused before anything is begun", async () => {
    const results = await create(
      run(),
      wantedIndex({ name: "one", columns: [{ column: "A" }] }),
      wantedIndex({ name: "two", where: "a > 0; drop table items" }),
      wantedIndex({ name: "three", table: "nowhere" }),
      wantedIndex({ name: "four", columns: [{ column: "a", opclass: "no_such_ops" }] }),
    );
    expect(results.map(({ state }) => state)).toEqual(["refused", "refused", "refused", "refused"]);
    expect(results.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('column "A" does not exist'),
      expect.stringMatching(/syntax error|multiple commands/),
      "there is no table public.nowhere",
      expect.stringContaining("no_such_ops"),
    ]);
    expect(await database.query("select count(*)::int as n from items")).toEqual([{ n: 1000 }]);
  });

  describe("unique", () => {
    const unique = wantedIndex({ unique: true });

    test("duplicates are looked for first, and nothing is begun", async () => {
      const own = run();
      const [result] = await create(own, unique);
      expect(result).toMatchObject({ state: "refused", attempts: 1 });
      expect(result!.drafts).toMatchObject([
        {
          rule: "index/duplicate-rows",
          evidence: { rows: 1000, keys: 100, sample: expect.arrayContaining(["0: 10 rows"]) },
        },
      ]);
      expect(await indexState(database, "items_a_idx")).toBe("none");
      await database.query("delete from items where id > 100");
      expect(await create(own, unique)).toMatchObject([{ state: "built", drafts: [] }]);
    });

    test("rows with a null, or outside the predicate, are no duplicates", async () => {
      await database.query("update items set a = null where id > 50; update items set a = 1 where id = 2");
      const [result] = await create(run(), unique);
      expect(result!.drafts).toMatchObject([{ evidence: { rows: 2, keys: 1 } }]);
      expect(await create(run(), { ...unique, where: "id <> 2" })).toMatchObject([{ state: "built" }]);
    });

    test("one that comes in while it builds: no second attempt, the remains go at once", async () => {
      const writer = await clientOf(database.url);
      await database.query("delete from items where id > 100");
      await writer.query("begin; insert into items values (5000, 7, 0)");
      const building = create(run(), unique);
      await untilPhase(database, "waiting for writers before build");
      await writer.query("commit");
      const [result] = await building;
      expect(result).toMatchObject({ state: "failed", attempts: 1 });
      expect(result!.drafts).toMatchObject([{ rule: "index/duplicate-rows", evidence: { rows: 2 } }]);
      expect(await indexState(database, "items_a_idx")).toBe("none");
    });
  });

  test("a blocker that never ends: the deadline cancels, cleans, and says who it was", async () => {
    const blocker = await clientOf(database.url, "forgotten console");
    await blocker.query("begin; update items set body = 'y' where id = 1");
    const own = run();
    const look = observer();
    const building = create({ ...own, deadline: 1500, observe: look.observe }, wantedIndex());
    // Its drop waits for the same transaction.
    const cleaning = look.until(({ kind }) => kind === "cleaning").then(() => blocker.query("rollback"));
    const [result] = await building;
    await cleaning;
    expect(result).toMatchObject({ state: "stopped", reason: "it was not done in 2 s", drafts: [] });
    expect(result!.waitedFor).toMatchObject([{ kind: "lock", application: "forgotten console" }]);
    expect(result!.phases.map(({ phase }) => phase)).toContain("waiting for writers before build");
    expect(await indexState(database, "items_a_idx")).toBe("none");
    expect(await resume(own)).toMatchObject([{ state: "built" }]);
  });

  test("a deadlock: cleaned, and tried again", async () => {
    const other = await clientOf(database.url);
    await other.query("set deadlock_timeout = '1h'");
    await other.query("begin; update items set body = 'y' where id = 1");
    const look = observer();
    const building = create({ ...run(), observe: look.observe }, wantedIndex());
    await untilPhase(database, "waiting for writers before build");
    const locking = other.query("lock table items in share update exclusive mode");
    await look.until(({ kind }) => kind === "cleaning");
    await locking;
    await other.query("rollback");
    expect(await building).toMatchObject([{ state: "built", attempts: 2 }]);
    expect(look.events).toContainEqual(
      expect.objectContaining({ kind: "again", reason: "a deadlock with another session" }),
    );
  });

  test("timeouts of the role do not end a build", async () => {
    await database.query(slowFunction);
    await database.query("delete from items where id > 60");
    const role = { name: `hasty_${database.name}`, password: "secret" };
    await onServer(
      server.url,
      `create role ${role.name} superuser login password 'secret';
       alter role ${role.name} set statement_timeout = '100ms';
       alter role ${role.name} set lock_timeout = '100ms';
       alter role ${role.name} set idle_in_transaction_session_timeout = '100ms'`,
    );
    const url = urlOf(server.url, database.name, role);
    const wanted = wantedIndex({ columns: [{ expression: "slow(a)" }] });
    const [result] = await create({ ...run(), url }, wanted);
    expect(result).toMatchObject({ state: "built", attempts: 1 });
    expect(result!.durationMs).toBeGreaterThan(600);
  });

  test("two operators at once: one builds, the other waits and finds it there", async () => {
    await database.query(slowFunction);
    await database.query("delete from items where id > 80");
    const wanted = wantedIndex({ columns: [{ expression: "slow(a)" }] });
    const results = await Promise.all([create(run(), wanted), create(run(), wanted)]);
    expect(
      results
        .flat()
        .map(({ state }) => state)
        .sort(),
    ).toEqual(["already there", "built"]);
  });

  test("a build that another client has begun is followed to its end", async () => {
    await database.query(slowFunction);
    await database.query("delete from items where id > 100");
    const other = await clientOf(database.url, "psql");
    const building = other.query("create index concurrently items_a_idx on items (slow(a))");
    await untilPhase(database, "building index");
    const look = observer();
    const wanted = wantedIndex({ columns: [{ expression: "slow(a)" }] });
    const [result] = await create({ ...run(), observe: look.observe }, wanted);
    await building;
    expect(result).toMatchObject({ state: "already there", attempts: 1 });
    expect(look.events).toContainEqual(
      expect.objectContaining({ kind: "waiting", what: expect.stringMatching(/builds this index already/) }),
    );
  });

  test("cancelled by somebody else: cleaned, and not begun again behind their back", async () => {
    await database.query(slowFunction);
    const building = create(run(), wantedIndex({ columns: [{ expression: "slow(a)" }] }));
    const pid = await untilPhase(database, "building index");
    await database.query("select pg_cancel_backend($1)", [pid]);
    expect(await building).toMatchObject([
      { state: "failed", attempts: 1, hint: expect.stringMatching(/another session/), drafts: [] },
    ]);
    expect(await indexState(database, "items_a_idx")).toBe("none");
  });

  test("its process is killed: what is left is dropped, and it is built anew", async () => {
    await database.query(slowFunction);
    await database.query("delete from items where id > 100");
    const building = create(run(), wantedIndex({ columns: [{ expression: "slow(a)" }] }));
    const pid = await untilPhase(database, "building index");
    await database.query("select pg_terminate_backend($1)", [pid]);
    expect(await building).toMatchObject([{ state: "built", attempts: 2 }]);
    expect(await indexState(database, "items_a_idx")).toBe("valid");
  });

  test("what the interrupted run did not get to is built by resume", async () => {
    await database.query(slowFunction);
    await database.query("delete from items where id > 100");
    const own = run();
    const abort = new AbortController();
    const building = create(
      { ...own, signal: abort.signal },
      wantedIndex({ name: "first", columns: [{ column: "b" }] }),
      wantedIndex({ name: "second", columns: [{ expression: "slow(a)" }] }),
      wantedIndex({ name: "third", columns: [{ expression: "slow(b)" }] }),
    );
    await untilPhase(database, "building index: scanning");
    for (;;) {
      if ((await indexState(database, "second")) === "invalid") break;
    }
    abort.abort(new Error("enough"));
    expect((await building).map(({ state }) => state)).toEqual(["built", "stopped", "stopped"]);
    expect(await indexState(database, "second")).toBe("none");
    expect((await resume(own)).map(({ definition, state }) => [definition.name, state])).toEqual([
      ["second", "built"],
      ["third", "built"],
    ]);
    expect(await resume(own)).toEqual([]);
  });

  test("valid, and not usable by old transactions: said", async () => {
    await database.query(
      "alter table items rename to full_items; create table items (a int, body text) with (fillfactor = 50); insert into items select a, body from full_items",
    );
    const old = await clientOf(database.url);
    await old.query("begin isolation level repeatable read; select 1 from items limit 1");
    // A row changed in place, with the old version still wanted: a broken HOT chain.
    await database.query("update items set a = a + 1 where a < 5");
    await database.query("create index items_a_idx on items (a)");
    expect(await create(run(), wantedIndex())).toMatchObject([
      { state: "already there", drafts: [{ rule: "index/not-usable-yet" }] },
    ]);
    await old.query("rollback");
    await database.query("drop index items_a_idx");
    expect(await create(run(), wantedIndex())).toMatchObject([{ state: "built", drafts: [] }]);
  });

  test("a dry run says what it would wait for: locks, snapshots, prepared transactions", async () => {
    const [writer, audit, preparer] = [
      await clientOf(database.url, "api"),
      await clientOf(database.url, "tenantctl"),
      await clientOf(database.url),
    ];
    await writer.query("begin; update items set body = 'y' where id = 1");
    await audit.query("begin isolation level repeatable read; select 1");
    await preparer.query("begin; update items set body = 'y' where id = 2; prepare transaction 'p1'");
    const before = await preview(run(), wantedIndex());
    expect(before).toMatchObject({
      act: "build",
      statements: ['CREATE INDEX CONCURRENTLY "items_a_idx" ON "public"."items" ("a")'],
    });
    expect(before.estimate!.bytes).toBeGreaterThan(0);
    expect(before.blockers.map(({ kind, application, query }) => [kind, application, query])).toEqual(
      expect.arrayContaining([
        ["lock", "api", expect.stringContaining("update items")],
        ["snapshot", "tenantctl", expect.any(String)],
        ["prepared", null, "p1"],
      ]),
    );
    await preparer.query("rollback prepared 'p1'");
    await writer.query("rollback");
    await audit.query("rollback");
    expect((await preview(run(), wantedIndex())).blockers).toEqual([]);
    expect(await indexState(database, "items_a_idx")).toBe("none");
  });

  test("memory and workers are set for the session", async () => {
    await database.query(slowFunction);
    await database.query("delete from items where id > 30");
    const seen = await database.query<{ before: string }>("show maintenance_work_mem");
    await database.query(`create function memory() returns int immutable language plpgsql as $$
      begin if current_setting('maintenance_work_mem') <> '123MB' or current_setting('max_parallel_maintenance_workers') <> '3'
      then raise exception 'not set'; end if; return 1; end $$`);
    const session = { memory: "123MB", workers: 3 };
    const wanted = wantedIndex({ columns: [{ column: "a" }, { expression: "memory()" }] });
    expect(await create({ ...run(), session }, wanted)).toMatchObject([{ state: "built" }]);
    expect(await create(run(), { ...wanted, name: "other" })).toMatchObject([{ state: "refused" }]);
    expect(seen).not.toMatchObject([{ maintenance_work_mem: "123MB" }]);
  });
});
