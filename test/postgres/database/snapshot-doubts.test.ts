import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { SnapshotOptions, Taken } from "../../../src/database/index.js";
import { createDatabase, type TestDatabase, urlOf } from "../../support/database.js";
import { compareData, takeData } from "../../support/integrity.js";
import { sampleSchema, sampleTables, tenantA, tenantB } from "../../support/sample-application.js";

let database: TestDatabase;
let before: Taken;

beforeAll(async () => {
  database = await createDatabase();
});
beforeEach(async () => {
  await database.query(`
    ${sampleTables}
    alter table assets add column price numeric, add column seen timestamp(3), add column counter bigint,
      add column details jsonb, add column "updatedAt" timestamp(3);
    update assets set price = id, seen = '2026-01-01', counter = 1, details = '{}', "updatedAt" = '2026-01-01';
  `);
  before = await take();
});
afterEach(() => database.query("drop table if exists lines, assets, clients, tenants cascade"));
afterAll(() => database.drop());

const take = (options: Partial<SnapshotOptions> = {}, schema = sampleSchema) =>
  takeData(database.url, schema, options);

async function after(sql: string, options: Partial<SnapshotOptions> = {}) {
  await database.query(sql);
  return compareData(before, await take(options), options.invariants);
}

test("what only a weak hash takes for the same is a change", async () => {
  const changes = [
    // PostgreSQL's own hash of jsonb sees no brackets, and nothing in what is empty.
    `details = '[]'`,
    `details = '[[1], 2]'`,
    `details = '[[1, 2]]'`,
    // Its hash of int8, and of a timestamp, folds both halves into one.
    "counter = 4294967296",
    "seen = '2000-01-01 00:00:00.001'",
    "seen = timestamp '2000-01-01' + (1000::bigint # (1 + (1::bigint << 32))) * interval '1 microsecond'",
  ];
  await database.query("alter table assets alter column seen type timestamp(6)");
  for (const change of changes) {
    before = await take();
    const { found } = await after(`update assets set ${change} where id = 1`);
    expect(found, change).toEqual(["db/rows-changed assets"]);
  }
});

test("a row that was added hides no other that was changed or lost", async () => {
  const changed = await after(
    `insert into lines values (900, 1, 'new'); update lines set note = 'bad' where id = 2`,
  );
  expect(changed.found).toEqual(["db/rows-added lines"]);
  expect(changed.obstacle).toMatchObject({
    status: "inconclusive",
    reason: expect.stringContaining("public.lines: values of 1 tenant could not be compared"),
  });
  const lost = await after("delete from lines where id = 2; insert into lines values (901, 1, 'new')");
  expect(lost.obstacle?.status).toBe("inconclusive");
  // A net number is no proof that not more came and went.
  expect(lost.drafts[0]!.message).toMatch(/^at least 1 row /);
  expect(lost.drafts[0]!.evidence).toMatchObject({ rows: 1, atLeast: true });
});

test("rows that are added elsewhere excuse nothing that was written since", async () => {
  const soon = `(now() at time zone 'UTC') + interval '1 minute'`;
  const writes = { since: "updatedAt", after: before.data.takenAt };
  const { obstacle } = await after(
    `update assets set "updatedAt" = ${soon} where id = 1; update assets set price = 0 where id = 2;
     insert into assets (id, "tenantId", "updatedAt") values (900, '${tenantB}', '2025-01-01')`,
    { writes },
  );
  expect(obstacle?.status).toBe("inconclusive");
});

test("a row that was created since and never written again counts as created only", async () => {
  const soon = `(now() at time zone 'UTC') + interval '1 minute'`;
  await database.query("alter table assets add column made timestamp(3)");
  before = await take();
  const writes = { since: "updatedAt", created: "made", after: before.data.takenAt };
  const { found, obstacle } = await after(
    `insert into assets (id, "tenantId", made) values (900, '${tenantA}', ${soon})`,
    { writes },
  );
  expect(found).toEqual([]);
  expect(obstacle).toBeUndefined();
  const both = await after(`update assets set "updatedAt" = ${soon}, price = 0 where id = 2`, { writes });
  expect(both.found).toEqual([]);
  expect(both.obstacle?.status).toBe("inconclusive");
});

test("a time that its column rounds up is no later one", async () => {
  // Prisma's DateTime has milliseconds: rows of the last half of one are stamped with the next.
  await database.query(`update assets set "updatedAt" = '2026-03-01T00:00:00.0006' where id = 1`);
  before = await take();
  const writes = { created: "updatedAt", after: "2026-03-01T00:00:00.000700Z" };
  expect((await after("select 1", { writes })).found).toEqual([]);
  await database.query(`update assets set "updatedAt" = '2026-03-01T00:00:00.002' where id = 1`);
  expect(compareData(before, await take({ writes })).found).toEqual(["db/rows-lost assets"]);
});

test("while rows come in, nothing is lost, moved or changed", async () => {
  const writer = new pg.Client(database.url);
  await writer.connect();
  let isOver = false;
  const writing = (async () => {
    for (let id = 1000; !isOver; id += 1)
      await writer.query(`insert into assets (id, "tenantId", "updatedAt") values ($1, $2, now())`, [
        id,
        id % 2 ? tenantA : tenantB,
      ]);
    await writer.end();
  })();
  try {
    before = await take();
    const writes = { created: "updatedAt", after: before.data.takenAt };
    for (let run = 0; run < 2; run += 1) {
      const { found, table } = compareData(before, await take({ writes }));
      // A row may have got its time before the snapshot and have been committed after it.
      expect(found.filter((each) => each !== "db/rows-added assets")).toEqual([]);
      expect(table("assets").rowsNow).toBeGreaterThan(table("assets").rowsBefore);
    }
  } finally {
    isOver = true;
    await writing;
  }
});

test("another primary key leaves values that nobody compared", async () => {
  const { found, obstacle } = await after(
    "alter table lines drop constraint lines_pkey; update lines set note = 'bad' where id = 2",
  );
  expect(found).toEqual([]);
  expect(obstacle).toMatchObject({
    status: "inconclusive",
    reason: expect.stringContaining("public.lines: its key was id, and is another now"),
  });
});

test("a column that is gone, or of another type, is no pass; one that was added is", async () => {
  expect((await after("alter table assets add column size int default 5")).obstacle).toBeUndefined();
  expect((await after("alter table assets drop column seen")).obstacle).toEqual({
    status: "inconclusive",
    reason: "public.assets: values of seen can't be compared: gone, or of another type now",
  });
  const retyped = await after("alter table assets alter column price type float8");
  expect(retyped.obstacle?.reason).toContain("price, seen");
});

test("a table that could not be read when the snapshot was taken is not taken for a new one", async () => {
  const blocker = new pg.Client(database.url);
  await blocker.connect();
  await blocker.query("begin; lock table clients in access exclusive mode");
  before = await take();
  await blocker.end();
  const { found, obstacle } = await after(
    "delete from lines; delete from assets; delete from clients where id = 1",
  );
  expect(found).not.toContain("db/rows-lost clients");
  expect(obstacle).toMatchObject({
    status: "inconclusive",
    reason: expect.stringContaining("public.clients is not in the snapshot"),
  });
});

test("a table whose parent can't be read is not taken for lost", async () => {
  const role = { name: "lines_only", password: "x" };
  await database.query(`
    drop role if exists ${role.name}; create role ${role.name} login password 'x';
    grant select on lines, clients, tenants to ${role.name};
  `);
  const url = urlOf(database.url, database.name, role);
  const { found, obstacle } = compareData(before, await takeData(url, sampleSchema));
  await database.query(`drop owned by ${role.name}; drop role ${role.name}`);
  expect(found).toEqual([]);
  expect(obstacle?.status).toBe("error");
});

test("a table that the schema has no more and the database still has is compared as a whole", async () => {
  const without = sampleSchema.replace(/model Line \{[^}]*\}/, "").replace("  lines Line[]\n", "");
  const same = compareData(before, await take({ also: before.data.tables }, without));
  expect(same.found).toEqual([]);
  expect(same.obstacle?.reason).toContain(
    "public.lines: its rows were told apart by tenant in one of the two only",
  );
  await database.query("update lines set note = 'bad' where id = 2");
  const changed = compareData(before, await take({ also: before.data.tables }, without));
  expect(changed.found).toEqual(["db/rows-changed lines"]);
});

test("rows of an invariant that are alike are counted", async () => {
  const invariants = [{ name: "notes", sql: "select note from lines", expect: "unchanged" as const }];
  before = await take({ invariants });
  const { found } = await after("delete from lines where id = 2", { invariants });
  expect(found).toContain("db/invariant-broken notes");
});

test("answers of invariants that stand as hashes are compared as hashes", async () => {
  const invariants = [{ name: "sum", sql: "select sum(price) from assets", expect: "unchanged" as const }];
  before = await take({ invariants, isBare: true });
  expect((await after("select 1", { invariants })).found).toEqual([]);
  const plain = await take({ invariants });
  expect(compareData(plain, before, invariants).found).toEqual([]);
  const { found } = await after("update assets set price = 7 where id = 1", { invariants });
  expect(found).toContain("db/invariant-broken sum");
});

test("an invariant is one statement", async () => {
  const sql = `select 1) as q; commit; delete from lines where id = 1; select * from (select 1 as row`;
  const { obstacle } = await after("select 1", { invariants: [{ name: "two", sql, expect: "no rows" }] });
  expect(obstacle?.status).toBe("error");
  expect(await database.query("select 1 from lines where id = 1")).toHaveLength(1);
});
