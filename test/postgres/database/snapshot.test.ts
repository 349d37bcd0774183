import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { SnapshotOptions, Taken } from "../../../src/database/index.js";
import { parseSnapshot, writeSnapshot } from "../../../src/database/snapshots/file.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { compareData, takeData } from "../../support/integrity.js";
import { sampleSchema, sampleTables, tenantA, tenantB } from "../../support/sample-application.js";

let database: TestDatabase;
let before: Taken;
const tenantC = "cccccccc-0000-4000-8000-000000000000";

beforeAll(async () => {
  database = await createDatabase();
});
beforeEach(async () => {
  await database.query(`
    ${sampleTables}
    alter table assets add column price numeric, add column made timestamptz, add column "updatedAt" timestamp(3),
      add column "createdAt" timestamp(3);
    update assets set price = id * 1.5, made = '2026-01-01T00:00:00Z', "updatedAt" = '2026-01-01', "createdAt" = '2026-01-01';
    insert into tenants values ('${tenantC}', 'C');
    create table notes ("tenantId" uuid not null references tenants (id), body text);
    insert into notes select t.id, 'note ' || i from tenants t, generate_series(1, 5) as i;
  `);
  before = await take();
});
afterEach(() =>
  database.query("drop table if exists notes, lines, lines_old, assets, clients, tenants cascade"),
);
afterAll(() => database.drop());

const schema = `${sampleSchema.replace("lines Line[]", 'lines Line[]\n  price Decimal?\n  updatedAt DateTime?\n  created DateTime? @map("createdAt")')}
model Note {
  tenantId String @db.Uuid
  body String
  @@unique([tenantId, body])
  @@map("notes")
}
`;

const take = (options: Partial<SnapshotOptions> = {}) => takeData(database.url, schema, options);

/** What a change does to the report: rules with their tables, and the comparison of one table. */
async function after(sql: string, options: Partial<SnapshotOptions> = {}) {
  if (sql) await database.query(sql);
  return compareData(before, await take(options), options.invariants);
}

test("nothing changed, or only the order of rows and columns: nothing is found", async () => {
  expect((await after("")).found).toEqual([]);
  expect(before.data.tables.map(({ table }) => table).sort()).toEqual([
    ...["assets", "clients", "lines", "notes", "tenants"],
  ]);
  const moved = await after(
    "update lines set note = 'x' where id = 1; update lines set note = 'n' where id = 1; cluster lines using lines_pkey",
  );
  expect(moved.found).toEqual([]);
  expect(moved.obstacle).toBeUndefined();
});

test("lost rows, by tenant, through a parent too", async () => {
  const { found, table, drafts } = await after("delete from lines where id in (1, 2, 101)");
  expect(found).toEqual(["db/rows-lost lines"]);
  expect(drafts[0]!.message).toContain("3 rows of public.lines are gone since ");
  expect(drafts[0]!.message).toContain("of 2 tenants");
  expect(table("lines")).toMatchObject({
    ...{ rowsBefore: 40, rowsNow: 37, lost: 3, added: 0, moved: 0, mayHaveMoved: 0 },
    tenants: [
      { tenant: tenantA, before: 20, now: 18, what: "lost", rows: 2 },
      { tenant: tenantB, before: 20, now: 19, what: "lost", rows: 1 },
    ],
  });
});

test("rows that moved between two tenants are told from lost and added ones", async () => {
  const { found, table } = await after(
    `update assets set "tenantId" = '${tenantC}', "clientId" = null where id in (1, 2, 3)`,
  );
  // Their lines move with them; the column that says so is no change besides, another one is.
  expect(found).toEqual(["db/rows-moved assets", "db/rows-changed assets", "db/rows-moved lines"]);
  expect(table("assets")).toMatchObject({
    ...{ moved: 3, lost: 0, added: 0, changedColumns: ["clientId"] },
    tenants: [
      { tenant: tenantC, before: 0, now: 3, what: "moved here", rows: 3 },
      { tenant: tenantA, before: 20, now: 17, what: "moved away", rows: 3 },
    ],
  });
  expect(table("lines").changedColumns).toEqual([]);
});

test("as many rows moved each way, and moved around three tenants", async () => {
  const swapped = await after(`
    update assets set "tenantId" = '${tenantB}', "clientId" = null where id = 1;
    update assets set "tenantId" = '${tenantA}', "clientId" = null where id = 101;
  `);
  expect(swapped.found).toContain("db/rows-moved assets");
  expect(swapped.table("assets")).toMatchObject({ lost: 0, added: 0, moved: 1 });
  const around = await after(`
    update clients set "tenantId" = '${tenantC}', code = 'x' where id = 1;
    update clients set "tenantId" = '${tenantB}', code = 'y' where id = 2;
    update clients set "tenantId" = '${tenantC}', code = 'z' where id = 101;
  `);
  expect(around.table("clients")).toMatchObject({ lost: 0, added: 0, moved: 2 });
});

test("rows that went while others came may have moved, and that is said", async () => {
  const { table, drafts } = await after(`
    delete from lines; delete from assets where id in (1, 2);
    insert into assets (id, "tenantId") values (900, '${tenantB}');
  `);
  expect(table("assets")).toMatchObject({ lost: 2, added: 1, moved: 0, mayHaveMoved: 1 });
  const lost = drafts.find(({ rule, subject }) => rule === "db/rows-lost" && subject.table === "assets");
  expect(lost!.message).toMatch(
    /^at least 2 rows of public.assets are not whose they were since .*: at least 1 row gone, up to 1 may be among those that others gained$/,
  );
  expect(lost!.evidence).toMatchObject({ rows: 1, atLeast: true });
});

test("one row in place of another of the same tenant", async () => {
  const { found, table } = await after(
    `delete from lines where id = 1; insert into lines values (900, 2, 'n')`,
  );
  expect(found).toEqual(["db/rows-lost lines", "db/rows-added lines"]);
  expect(table("lines").tenants).toMatchObject([{ tenant: tenantA, what: "replaced" }]);
});

test("a changed value, also to null, and two values that changed places", async () => {
  const { found, table } = await after("update assets set price = 7 where id = 3");
  expect(found).toEqual(["db/rows-changed assets"]);
  expect(table("assets").tenants).toMatchObject([{ tenant: tenantA, what: "changed", columns: ["price"] }]);
  expect(
    (await after("update assets set price = 4.5, made = null where id = 3")).table("assets"),
  ).toMatchObject({
    changedColumns: ["made"],
  });
  const places = await after(`
    update assets set made = '2026-01-01T00:00:00Z';
    update assets set price = case id when 1 then 3.0 else 1.5 end where id in (1, 2);
  `);
  expect(places.table("assets").changedColumns).toEqual(["price"]);
});

test("values of a table without a key that changed places", async () => {
  await database.query("update notes set body = 'left' where body = 'note 1'");
  before = await take();
  expect((await after("")).found).toEqual([]);
  const { table, found } = await after(`
    alter table notes add column kind text;
    update notes set body = 'gone' where body = 'left' and "tenantId" = '${tenantA}';
  `);
  expect(found).toEqual(["db/rows-changed notes"]);
  expect(table("notes")).toMatchObject({ changedColumns: ["body"], leftOut: ["(row)", "kind"] });
});

test("rows of a table without a key that two tenants exchanged", async () => {
  await database.query(`update notes set body = 'A''s' where "tenantId" = '${tenantA}' and body = 'note 1'`);
  before = await take();
  const { found, table } = await after(`
    update notes set "tenantId" = case "tenantId" when '${tenantA}' then '${tenantB}' else '${tenantA}' end::uuid
    where "tenantId" in ('${tenantA}', '${tenantB}')
  `);
  expect(found).toEqual(["db/rows-moved notes"]);
  expect(table("notes")).toMatchObject({ lost: 0, added: 0, moved: 1 });
});

test("columns that a migration adds, drops or retypes are left out, and said", async () => {
  const { found, table } = await after(`
    alter table assets add column size int default 5, drop column made, alter column id type bigint;
    alter table lines alter column note type varchar(10);
  `);
  expect(found).toEqual([]);
  expect(table("assets").leftOut).toEqual(["made", "size"]);
  const retyped = await after("alter table assets alter column price type float8");
  expect(retyped.table("assets").leftOut).toContain("price");
});

test("a table that is gone is lost with its rows; a new one is no finding", async () => {
  const { found, drafts } = await after("drop table lines; create table lines_old (id int)");
  expect(found).toEqual(["db/rows-lost lines"]);
  expect(drafts[0]!.message).toBe("the table public.lines is gone, with 40 rows");
});

test("the session's settings change no checksum", async () => {
  await database.query(
    "alter table assets add column took interval, add column raw bytea, add column at date",
  );
  await database.query("update assets set took = '1 day 2 hours', raw = '\\x00ff', at = '2026-02-03'");
  before = await take();
  const [{ name }] = (await database.query("select current_database() as name")) as [{ name: string }];
  for (const setting of [
    "timezone to 'Asia/Tokyo'",
    "datestyle to 'SQL, DMY'",
    "intervalstyle to 'iso_8601'",
    "bytea_output to 'escape'",
    "extra_float_digits to -5",
  ])
    await database.query(`alter database "${name}" set ${setting}`);
  expect((await after("")).found).toEqual([]);
  await database.query(`alter database "${name}" reset all`);
});

const later = `(now() at time zone 'UTC') + interval '1 minute'`;

test("writes since then are set apart, exactly where the time of creation is known", async () => {
  const writes = { since: "updatedAt", created: "created", after: before.data.takenAt };
  const usual = await after(
    `insert into assets (id, "tenantId", "updatedAt", "createdAt") values (900, '${tenantA}', ${later}, ${later});
     update assets set price = 1, "updatedAt" = ${later} where id = 101`,
    { writes },
  );
  expect(usual.found).toEqual([]);
  expect(usual.table("assets")).toMatchObject({ written: 2, lost: 0, tenantsNotCompared: 1 });
  expect(usual.obstacle).toEqual({
    status: "inconclusive",
    reason:
      "public.assets: values of 1 tenant could not be compared, for some of their rows came, went or were written since",
  });
  const harmed = await after("delete from lines where id = 2; delete from assets where id = 2", { writes });
  expect(harmed.found).toEqual(["db/rows-lost assets", "db/rows-lost lines"]);
  expect(harmed.table("assets")).toMatchObject({ lost: 1, written: 2, rowsNow: 40 });
});

test("without it as many may be lost as were written, and only more are a finding", async () => {
  const writes = { since: "updatedAt", after: before.data.takenAt };
  const usual = await after(`update assets set price = 1, "updatedAt" = ${later} where id in (1, 2)`, {
    writes,
  });
  expect(usual.found).toEqual([]);
  expect(usual.obstacle?.status).toBe("inconclusive");
  const harmed = await after("delete from lines where id < 6; delete from assets where id between 3 and 5", {
    writes,
  });
  expect(harmed.found).toContain("db/rows-lost assets");
  expect(harmed.table("assets").lost).toBe(3);
});

test("a column that no table has is wrong usage", async () => {
  await expect(take({ writes: { since: "updatedAtt", after: before.data.takenAt } })).rejects.toMatchObject({
    message: expect.stringContaining("--since updatedAtt"),
    hint: "did you mean updatedAt?",
  });
});

test("invariants: unchanged or broken, empty or not, one that fails", async () => {
  const invariants = [
    {
      name: "total",
      sql: `select "tenantId", sum(price) from assets group by 1;`,
      expect: "unchanged" as const,
    },
    { name: "no negative", sql: "select id from assets where price < 0", expect: "no rows" as const },
  ];
  before = await take({ invariants });
  expect(await after("", { invariants })).toMatchObject({ found: [], obstacle: undefined });
  const { drafts } = await after("update assets set price = -1 where id = 1", { invariants });
  const broken = drafts.filter(({ rule }) => rule === "db/invariant-broken");
  expect(broken.map(({ message }) => message)).toEqual([
    "invariant total: 1 rows of its answer are not there any more, 1 are new",
    "invariant no negative: 1 row where there must be none",
  ]);
  const wrong = await after("", { invariants: [{ name: "typo", sql: "select nope", expect: "unchanged" }] });
  expect(wrong.obstacle).toMatchObject({
    status: "error",
    reason: expect.stringContaining("invariant typo"),
  });
  const writing = [{ name: "writes", sql: "delete from lines returning id", expect: "unchanged" as const }];
  expect((await after("", { invariants: writing })).obstacle?.status).toBe("error");
});

test("without samples tenants are hashes, and still compared", async () => {
  before = await take({ isBare: true });
  expect(writeSnapshot(before.data)).not.toContain(tenantA);
  const { table, found } = await after("delete from lines where id = 1");
  expect(found).toEqual(["db/rows-lost lines"]);
  expect(table("lines").tenants[0]!.tenant).toMatch(/^sha256:[0-9a-f]{16}$/);
});

test("a damaged file, another file and one of a later version are refused", () => {
  const text = writeSnapshot(before.data);
  const refused = (other: string) => () => parseSnapshot(other, "x.json");
  expect(refused(text.slice(0, -20))).toThrow("x.json is no snapshot: it is no JSON, or is cut off");
  expect(refused('{"version":1}')).toThrow("x.json is no snapshot of tenantctl");
  expect(refused(text.replace('"schemaVersion":1', '"schemaVersion":9'))).toThrow("shape 9");
  expect(refused(text.replace(/"rows":/g, '"row":').replace('"columns":[', '"columns":[7,'))).toThrow(
    "damaged",
  );
});
