import { beforeEach, expect, test } from "vitest";
import { builtIn, journalsOf, withSite } from "../../../src/indexes/index.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import {
  clientOf,
  create,
  drop,
  dropTargets,
  indexState,
  itemsTable,
  resume,
  runOptions,
  stateFolder,
  type TestRun,
  wantedIndex,
} from "../../support/indexes.js";

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
  await database.query(itemsTable());
  return () => database.drop();
});
const run = (): TestRun => ({ url: database.url, stateFolder: stateFolder() });
const lastBuilt = (own: TestRun) =>
  withSite(runOptions(own), async (site) => {
    const journals = journalsOf(own.stateFolder, site.server.identity);
    return builtIn(journals.filter((journal) => builtIn(journal).length > 0).at(-1)!);
  });

test("drops, and keeps what builds it again", async () => {
  await database.query("create index items_a_idx on items (a) where b > 1");
  expect(await drop(run(), "public.items_a_idx")).toMatchObject([
    { state: "dropped", undo: "CREATE INDEX items_a_idx ON public.items USING btree (a) WHERE (b > 1)" },
  ]);
  expect(await indexState(database, "items_a_idx")).toBe("none");
});

test("undoes what a create built, and nothing that stands there instead", async () => {
  const own = run();
  await create(own, wantedIndex(), wantedIndex({ name: "second", columns: [{ column: "b" }] }));
  await database.query("drop index second; create index second on items (id)");
  const results = await dropTargets(own, await lastBuilt(own));
  expect(results.map(({ definition, state }) => [definition.name, state])).toEqual([
    ["items_a_idx", "dropped"],
    ["second", "refused"],
  ]);
  expect(results[1]!.reason).toMatch(/another one than the journal's create built/);
  expect(await indexState(database, "second")).toBe("valid");
  // A second undo has only that one left.
  expect((await lastBuilt(own)).map(({ name }) => name)).toEqual(["second"]);
});

test("what something stands on is refused: keys, foreign keys, replica identity, a part of a partitioned one", async () => {
  await database.query(`
    create unique index items_b_key on items (b);
    create table lines (b int references items (b));
    create unique index identity on lines (b);
    alter table lines alter b set not null;
    alter table lines replica identity using index identity;
    create table parted (a int) partition by range (a);
    create table parted_1 partition of parted for values from (0) to (9);
    create index on parted (a)`);
  const results = await drop(run(), "items_pkey", "items_b_key", "identity", "parted_1_a_idx");
  expect(results.map(({ drafts }) => drafts.map(({ rule }) => rule))).toEqual(
    Array(4).fill(["index/in-use"]),
  );
  expect(results.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/constraint items_pkey/),
    expect.stringMatching(/constraint lines_b_fkey/),
    expect.stringMatching(/replica identity/),
    expect.stringMatching(/a part of public\.parted_a_idx/),
  ]);
  await database.query("drop table lines");
  expect(await drop(run(), "items_b_key")).toMatchObject([{ state: "dropped", drafts: [] }]);
});

test("ended halfway by the deadline: it is invalid, that is said, and resume goes forward", async () => {
  const own = run();
  await database.query("create index items_a_idx on items (a)");
  const reader = await clientOf(database.url, "report");
  await reader.query("begin; select 1 from items limit 1");
  const [result] = await drop({ ...own, deadline: 1500 }, "items_a_idx");
  expect(result).toMatchObject({ state: "stopped", isLeft: true, drafts: [{ rule: "index/invalid" }] });
  expect(result!.waitedFor).toMatchObject([{ application: "report" }]);
  expect(await indexState(database, "items_a_idx")).toBe("invalid");
  await reader.query("rollback");
  expect(await resume(own)).toMatchObject([{ state: "dropped" }]);
  expect(await indexState(database, "items_a_idx")).toBe("none");
  expect(await resume(own)).toEqual([]);
});

test("a name that no index has, or two have, is refused with what to say instead", async () => {
  await database.query(
    "create schema s; create table s.t (a int); create index twice on s.t (a); create index twice on items (a)",
  );
  await expect(drop(run(), "nothing")).rejects.toThrow(/there is no index nothing/);
  await expect(drop(run(), "twice")).rejects.toThrow(/more than one index twice: public\.twice, s\.twice/);
  expect(await drop(run(), "s.twice")).toMatchObject([{ state: "dropped" }]);
});
