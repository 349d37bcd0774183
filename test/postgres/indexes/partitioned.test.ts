import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../../src/adapters/embedded-postgres.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import {
  clientOf,
  create,
  debianBinaries,
  drop,
  indexState,
  preview,
  resume,
  stateFolder,
  untilPhase,
  wantedIndex,
} from "../../support/indexes.js";

/** Two plain parts, one that has parts itself, and a row in each. */
const tables = `
  create table items (id int, a int, at int) partition by range (at);
  create table items_1 partition of items for values from (0) to (10);
  create table items_2 partition of items for values from (10) to (20);
  create table items_3 partition of items for values from (20) to (40) partition by range (id);
  create table items_3_low partition of items_3 for values from (0) to (100);
  create table items_3_high partition of items_3 for values from (100) to (1000);
  insert into items select i, i % 7, i % 40 from generate_series(0, 399) as i`;

describe.each([
  ["the embedded PostgreSQL 18", undefined],
  ["Debian's PostgreSQL 15", debianBinaries],
])("%s", (_, binaries) => {
  let server: EmbeddedServer;
  let database: TestDatabase;
  beforeAll(async () => {
    server = await startEmbeddedPostgres(binaries ? { binaries } : {});
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await createDatabase(undefined, server.url);
    await database.query(tables);
    return () => database.drop();
  });
  const run = () => ({ url: database.url, stateFolder: stateFolder() });
  const indexes = () =>
    database.query<{ table: string; valid: boolean; attached: boolean }>(
      `select c.relname as table, x.indisvalid as valid, i.relispartition as attached
       from pg_index as x join pg_class as c on c.oid = x.indrelid join pg_class as i on i.oid = x.indexrelid
       where c.relname like 'items%' order by 1`,
    );
  const whole = [
    { table: "items", valid: true, attached: false },
    ...["items_1", "items_2", "items_3", "items_3_high", "items_3_low"].map((table) => ({
      table,
      valid: true,
      attached: true,
    })),
  ];

  test("every part at every depth gets its index, attached, and the parent's is valid", async () => {
    const own = run();
    const [result] = await create(own, wantedIndex());
    expect(result).toMatchObject({ state: "built", drafts: [] });
    expect(result!.parts!.map(({ definition, state }) => [definition.name, state])).toEqual([
      ["items_1_a_idx", "built"],
      ["items_2_a_idx", "built"],
      ["items_3_high_a_idx", "built"],
      ["items_3_low_a_idx", "built"],
    ]);
    expect(await indexes()).toEqual(whole);
    expect(await create(own, wantedIndex())).toMatchObject([{ state: "already there" }]);
    // Undone with one name: the parts go with it.
    expect(await drop(own, "items_a_idx")).toMatchObject([{ state: "dropped" }]);
    expect(await indexes()).toEqual([]);
  });

  test("an index that a part has already is taken, under whatever name", async () => {
    await database.query("create index mine on items_1 (a); create index items_2_a_idx on items_2 (id)");
    const [result] = await create(run(), wantedIndex());
    expect(result).toMatchObject({ state: "built" });
    expect(result!.parts!.map(({ definition }) => definition.name)).toEqual([
      ...["items_2_a_idx_2", "items_3_high_a_idx", "items_3_low_a_idx"],
    ]);
    expect(await indexState(database, "mine")).toBe("valid");
  });

  test("a partition that is added in the middle is not left out", async () => {
    const writer = await clientOf(database.url);
    await writer.query("begin; update items_2 set a = 1");
    const building = create(run(), wantedIndex());
    await untilPhase(database, "waiting for writers before build");
    await database.query(`
      create table items_9 (like items);
      insert into items_9 values (1, 1, 91);
      alter table items attach partition items_9 for values from (90) to (100);
      create table items_4 partition of items_3 for values from (1000) to (2000)`);
    await writer.query("commit");
    expect(await building).toMatchObject([{ state: "built" }]);
    const found = await indexes();
    expect(found.filter(({ valid, attached, table }) => !valid || (!attached && table !== "items"))).toEqual(
      [],
    );
    expect(found.map(({ table }) => table)).toEqual(expect.arrayContaining(["items_4", "items_9"]));
  });

  test("a brief lock on the parent is tried again, and never makes writers queue for long", async () => {
    const writer = await clientOf(database.url);
    await writer.query("begin; update items set a = 1 where at = 1");
    const building = create(run(), wantedIndex());
    await expect
      .poll(async () => (await database.query("select from pg_locks where not granted")).length)
      .toBeGreaterThan(0);
    const start = performance.now();
    const second = await clientOf(database.url);
    await second.query("update items set a = 2 where at = 2");
    expect(performance.now() - start).toBeLessThan(4000);
    await writer.query("commit");
    expect(await building).toMatchObject([{ state: "built" }]);
  });

  test("a part that can't be built: what was made empty is dropped, what is built stays, resume ends it", async () => {
    const own = run();
    const unique = wantedIndex({
      unique: true,
      name: "items_id_at_key",
      columns: [{ column: "id" }, { column: "at" }],
    });
    await database.query("insert into items select id, 0, at from items where id = 15");
    const [failed] = await create(own, unique);
    expect(failed).toMatchObject({ state: "refused", drafts: [{ rule: "index/duplicate-rows" }] });
    expect(failed!.reason).toMatch(/1 parts? (is|are) built/);
    expect((await indexes()).map(({ table }) => table)).toEqual(["items_1"]);
    await database.query("delete from items where id = 15");
    expect(await create(own, unique)).toMatchObject([{ state: "built" }]);
    expect(await indexes()).toEqual(whole);
  });

  test("a foreign table as a part: refused before anything is made", async () => {
    await database.query(`
      create foreign data wrapper nothing;
      create server nowhere foreign data wrapper nothing;
      create foreign table items_far partition of items for values from (900) to (999) server nowhere`);
    const [result] = await create(run(), wantedIndex());
    expect(result).toMatchObject({
      state: "refused",
      reason: expect.stringMatching(/items_far.* is a foreign table/),
    });
    expect(await indexes()).toEqual([]);
  });

  test("ended in the middle by a deadline, it is taken up by resume", async () => {
    const own = run();
    const writer = await clientOf(database.url);
    await writer.query("begin; update items_2 set a = 1");
    const building = create({ ...own, deadline: 1000 }, wantedIndex());
    await untilPhase(database, "waiting for writers before build");
    setTimeout(() => void writer.query("rollback"), 2000);
    expect(await building).toMatchObject([{ state: "stopped" }]);
    expect(await resume(own)).toMatchObject([{ state: "built" }]);
    expect(await indexes()).toEqual(whole);
  });

  test("a dry run prints the statements from the parents to the attachments", async () => {
    const { statements } = await preview(run(), wantedIndex());
    expect(statements[0]).toBe('CREATE INDEX "items_a_idx" ON ONLY "public"."items" ("a")');
    expect(statements.filter((each) => each.includes("CONCURRENTLY"))).toHaveLength(4);
    expect(statements.filter((each) => each.includes("ATTACH PARTITION"))).toHaveLength(5);
    expect(await indexes()).toEqual([]);
  });
});
