import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { indexUsage } from "../../support/index-usage.js";
import { sampleTables } from "../../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  // Children of assets and clients that have no index are another command's affair.
  await database.query(`${sampleTables}
    create type state as enum ('new', 'done');
    alter table assets add "createdAt" timestamp not null default now(), add code text, add done boolean, add state state;
    update assets set code = 'c' || id, done = id % 2 = 0, state = 'new';
    analyze;`);
});
afterAll(() => database.drop());

const made: string[] = [];
async function make(definition: string, name = "extra"): Promise<void> {
  await database.query(`create ${definition.replace(/^(unique )?/, (kind) => `${kind}index "${name}" on `)}`);
  made.push(name);
}
afterEach(async () => {
  for (const name of made.splice(0)) await database.query(`drop index if exists "${name}" cascade`);
});

const found = async (...rules: string[]) =>
  (await indexUsage(database.url)).drafts.filter(({ rule }) => rules.includes(rule));

test("a sound database has no finding, and every index is listed", async () => {
  const { drafts, obstacle, reading } = await indexUsage(database.url);
  expect(drafts).toEqual([]);
  expect(obstacle).toBeUndefined();
  expect(reading.indexUsage.map(({ index, marks }) => [index, marks])).toEqual([
    ["assets_pkey", ["pk"]],
    ["assets_tenantId_idx", ["fk", "tenant"]],
    ["clients_pkey", ["pk"]],
    ["clients_tenantId_code_key", ["unique"]],
    ["lines_pkey", ["pk"]],
    ["tenants_pkey", ["pk"]],
  ]);
});

describe("index/unused", () => {
  test("0, then found with the statement that mends it, then 0", async () => {
    await make("assets (code)");
    const [finding, ...others] = await found("index/unused");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      subject: { model: "Asset", schema: "public", table: "assets", index: "extra" },
      remedySteps: ['DROP INDEX CONCURRENTLY "public"."extra";'],
      evidence: { scans: 0, definition: "CREATE INDEX extra ON public.assets USING btree (code)" },
    });
    await database.query(finding!.remedySteps![0]!);
    expect(await found("index/unused")).toEqual([]);
  });

  test("one scan makes it used; --max-scans draws the line elsewhere", async () => {
    await make("assets (code)");
    await database.query(
      `set enable_seqscan = off; select * from assets where code = 'c1'; reset enable_seqscan; select pg_stat_force_next_flush()`,
    );
    const { drafts, reading } = await indexUsage(database.url, { options: { match: "extra" } });
    expect(drafts).toEqual([]);
    expect(reading.indexUsage).toMatchObject([{ scans: 1, tuplesRead: 1 }]);
    expect(reading.indexUsage[0]!.lastScan).not.toBeNull();
    const more = await indexUsage(database.url, { options: { maxScans: 1 } });
    expect(more.drafts).toMatchObject([
      { rule: "index/unused", message: expect.stringContaining("was used 1 time in") },
    ]);
  });

  test.each([
    ["a unique one", "unique assets (code)"],
    ["the only one that a foreign key's deletes use", 'assets ("clientId")'],
    ["the same on expressions of null only", 'assets ("clientId") where "clientId" is not null'],
  ])("%s is never unused", async (_, definition) => {
    await make(definition);
    expect(await found("index/unused")).toEqual([]);
  });

  test("what only a foreign key needs is, where that is asked for", async () => {
    await make('assets ("clientId")');
    const { drafts } = await indexUsage(database.url, { options: { judgesForeignKeys: true } });
    expect(drafts).toMatchObject([
      {
        rule: "index/unused",
        subject: { index: "extra" },
        message: expect.stringContaining("assets_clientId_fkey"),
      },
    ]);
  });

  test("one of two that serve a foreign key stays, the smaller one", async () => {
    await make('assets ("clientId")');
    await make('assets ("clientId" desc nulls last, code)', "wide");
    expect(await found("index/unused")).toMatchObject([{ subject: { index: "wide" } }]);
  });

  test("a constraint's, an excluded and a replica's identity stay", async () => {
    await database.query(`
      alter table assets add constraint excluded exclude using btree (code with =);
      create table identified (id int not null, code int not null);
      create unique index identified_id on identified (id);
      alter table identified replica identity using index identified_id;
    `);
    try {
      expect(await found("index/unused")).toEqual([]);
    } finally {
      await database.query("alter table assets drop constraint excluded; drop table identified");
    }
  });

  test("a partitioned index is judged as a whole, and its parts never by themselves", async () => {
    await database.query(`
      create table events (id int, code int) partition by range (id);
      create table events_1 partition of events for values from (0) to (100);
      create table events_2 partition of events for values from (100) to (200);
      insert into events select i, i from generate_series(0, 199) as i;
      create index events_code on events (code);
      analyze events;
    `);
    try {
      const [finding, ...others] = await found("index/unused");
      expect(others).toEqual([]);
      expect(finding).toMatchObject({
        subject: { table: "events", index: "events_code" },
        remedySteps: ['DROP INDEX "public"."events_code";'],
      });
      await database.query(
        "set enable_seqscan = off; select * from events where id < 100 and code = 1; reset enable_seqscan; select pg_stat_force_next_flush()",
      );
      const { drafts, reading } = await indexUsage(database.url, { options: { match: "events%" } });
      expect(drafts).toEqual([]);
      expect(reading.indexUsage).toMatchObject([{ index: "events_code", parts: 2, scans: 1 }]);
    } finally {
      await database.query("drop table events");
    }
  });
});

describe("index/duplicate", () => {
  test("0, then found with the statement that mends it, then 0", async () => {
    await make('assets ("tenantId")');
    const [finding, ...others] = await found("index/duplicate");
    expect(others).toEqual([]);
    // The schema declares the other one.
    expect(finding).toMatchObject({ subject: { index: "extra" }, evidence: { kept: "assets_tenantId_idx" } });
    await database.query(finding!.remedySteps![0]!);
    expect(await found("index/duplicate")).toEqual([]);
  });

  test.each([
    ["a unique one does the work of a plain one", "assets (id)", 1],
    ["so does one with the same condition", "assets (code) where id > 10", 1, "assets (code) where id > 10"],
    ["or the same expression", "assets (lower(code))", 1, "assets (lower(code))"],
    [
      "or the same carried columns in another order",
      "assets (code) include (done, id)",
      1,
      "assets (code) include (id, done)",
    ],
    ["another condition differs", "assets (code) where id > 10", 0, "assets (code) where id > 20"],
    ["another expression differs", "assets (lower(code))", 0, "assets (upper(code))"],
    ["another order differs", "assets (code, id)", 0, "assets (code, id desc)"],
    ["nulls elsewhere differ", "assets (code)", 0, "assets (code nulls first)"],
    ["another collation differs", "assets (code)", 0, 'assets (code collate "C")'],
    ["other operators differ", "assets (code)", 0, "assets (code text_pattern_ops)"],
    ["another method differs", "assets (code)", 0, "assets using hash (code)"],
    ["other columns in the same places differ", "assets (code, id)", 0, "assets (id, code)"],
    ["more carried columns are no duplicate", "assets (code)", 0, "assets (code) include (id)"],
    ["a unique one is not spared for a plain one", "unique assets (code)", 1, "assets (code)"],
    [
      "one that takes nulls as equal is stricter",
      "unique assets (code) nulls not distinct",
      1,
      "unique assets (code)",
    ],
  ])("%s", async (_, first, number, second = undefined as string | undefined) => {
    await make(first);
    if (second) await make(second, "second");
    const findings = await found("index/duplicate");
    expect(findings).toHaveLength(number);
    // What goes is never what enforces more.
    const goes = first.startsWith("unique") ? "second" : second ? expect.any(String) : "extra";
    if (number) expect(findings[0]).toMatchObject({ subject: { index: goes } });
  });
});

describe("index/redundant-prefix", () => {
  test("0, then found with the statement that mends it, then 0", async () => {
    await make("assets (code)");
    await make("assets (code, id)", "wide");
    const [finding, ...others] = await found("index/redundant-prefix");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ subject: { index: "extra" }, evidence: { kept: "wide" } });
    await database.query(finding!.remedySteps![0]!);
    expect(await found("index/redundant-prefix")).toEqual([]);
  });

  test.each([
    [
      "of a chain all but the widest go",
      ["assets (code)", "assets (code, id)", "assets (code, id, done)"],
      ["i0", "i1"],
    ],
    ["what it carries has to be in the other", ["assets (code) include (done)", "assets (code, id)"], []],
    ["and is, among the keys", ["assets (code) include (id)", "assets (code, id)"], ["i0"]],
    ["the same keys with carried columns", ["assets (code)", "assets (code) include (id)"], ["i0"]],
    ["a unique one is a rule of its own", ["unique assets (code)", "assets (code, id)"], []],
    ["a partial one does not hold all rows", ["assets (code)", "assets (code, id) where id > 1"], []],
    ["a partial one may be there for its size", ["assets (code) where id > 1", "assets (code, id)"], []],
    ["two of one condition", ["assets (code) where id > 1", "assets (code, id) where id > 1"], ["i0"]],
    ["another direction", ["assets (code desc)", "assets (code, id)"], []],
    ["hash has no prefix", ["assets using hash (code)", "assets (code, id)"], []],
    ["not the first column", ["assets (id, code)", "assets (code, id, done)"], []],
  ])("%s", async (_, definitions, gone) => {
    for (const [at, definition] of definitions.entries()) await make(definition, `i${at}`);
    const findings = await found("index/redundant-prefix");
    expect(findings.map(({ subject }) => subject.index).sort()).toEqual(gone);
  });

  test("what takes over its work is never unused itself", async () => {
    await make("assets (code)");
    await make("assets (code, id)", "wide");
    expect(await found("index/unused", "index/redundant-prefix")).toMatchObject([
      { rule: "index/redundant-prefix", subject: { index: "extra" } },
    ]);
  });

  test("an invalid one does nobody's work", async () => {
    await make("assets (code)");
    await make("assets (code, id)", "wide");
    await database.query("update pg_index set indisvalid = false where indexrelid = 'wide'::regclass");
    expect(await found("index/redundant-prefix")).toEqual([]);
  });
});

test("index/invalid: 0, then found, also on a table that no model stands for, then 0", async () => {
  await database.query("create table strange (id int); insert into strange values (1), (1)");
  await database.query("create unique index concurrently strange_id on strange (id)").catch(() => {});
  const [finding, ...others] = await found("index/invalid");
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    subject: { table: "strange", index: "strange_id" },
    remedySteps: ['DROP INDEX CONCURRENTLY "public"."strange_id";'],
  });
  await database.query(finding!.remedySteps![0]!);
  expect(await found("index/invalid")).toEqual([]);
  await database.query("drop table strange");
});

describe("index/missing-tenant-lead", () => {
  test("0, then found with the statements that mend it, then 0", async () => {
    await make('assets ("createdAt", "tenantId")');
    const [finding, ...others] = await found("index/missing-tenant-lead");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      subject: { model: "Asset", table: "assets", index: "extra", column: "tenantId" },
      remedySteps: [
        'CREATE INDEX CONCURRENTLY "assets_tenantId_createdAt_idx" ON "public"."assets" ("tenantId", "createdAt");',
        'DROP INDEX CONCURRENTLY "public"."extra";',
      ],
      remedyPrisma: { schema: [{ model: "Asset", add: ["@@index([tenantId, createdAt])"] }] },
    });
    for (const step of finding!.remedySteps!) await database.query(step);
    made.push("assets_tenantId_createdAt_idx");
    expect(await found("index/missing-tenant-lead")).toEqual([]);
  });

  test.each([
    ["two values lead", 'assets (done, "tenantId")', 1],
    ["fewer values than tenants lead", 'assets (state, "tenantId", code)', 1],
    ["what leads finds one row", 'assets (code, "tenantId")', 0],
    ["it serves a foreign key", 'assets ("clientId", "tenantId")', 0],
    ["it is a rule", 'unique assets ("createdAt", "tenantId", id)', 0],
    ["the tenant's column is only carried", 'assets ("createdAt") include ("tenantId")', 0],
    ["it has no tenant column: jobs of all tenants need such", 'assets (state, "createdAt")', 0],
  ])("%s", async (_, definition, number) => {
    await make(definition);
    await database.query("analyze assets");
    expect(await found("index/missing-tenant-lead")).toHaveLength(number);
  });

  test("where the tenant leads the same columns elsewhere, the other is for all tenants", async () => {
    await make('assets (done, "tenantId")');
    await make('assets ("tenantId", done)', "tenant first");
    expect(await found("index/missing-tenant-lead")).toEqual([]);
  });
});

test("index/bloat: 0, then found by the statistics, then 0", async () => {
  await database.query(`
    create table logs (id int, at text) with (autovacuum_enabled = off);
    insert into logs select i, md5(i::text) from generate_series(1, 350000) as i;
    create index logs_at on logs (at);
  `);
  await database.query("vacuum analyze logs");
  const logs = async () => {
    const { drafts, reading } = await indexUsage(database.url, { options: { tables: ["logs"] } });
    const [{ bloatBytes, bytes }] = reading.indexUsage as unknown as [{ bloatBytes: number; bytes: number }];
    return { drafts: drafts.filter(({ rule }) => rule === "index/bloat"), share: bloatBytes / bytes };
  };
  const full = await logs();
  expect(full.drafts).toEqual([]);
  expect(full.share).toBeLessThan(0.1);

  await database.query("delete from logs where id % 10 > 0");
  await database.query("vacuum analyze logs");
  const empty = await logs();
  expect(empty.share).toBeGreaterThan(0.8);
  expect(empty.drafts).toMatchObject([{ subject: { table: "logs", index: "logs_at" } }]);

  for (const step of empty.drafts[0]!.remedySteps!) await database.query(step);
  expect((await logs()).drafts).toEqual([]);
  await database.query("drop table logs");
}, 60_000);
