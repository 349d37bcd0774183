import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDatabaseAddress } from "../../../src/adapters/postgres/address.js";
import { Snapshot } from "../../../src/adapters/postgres/snapshot.js";
import { auditDistribution, type DistributionOptions } from "../../../src/database/index.js";
import type { Reading } from "../../../src/findings/distribution.js";
import { buildRegistryContext } from "../../../src/registry/context.js";
import { parsePrismaSchema } from "../../../src/registry/schema/read.js";
import { resolveTenancy } from "../../../src/registry/tenancy/resolve.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { registryOf } from "../../support/registry.js";
import { nobody, sampleSchema, sampleTables, tenantA, tenantB } from "../../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterAll(() => database.drop());

async function read(options: Partial<DistributionOptions> = {}, { url } = database) {
  const text = `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}`;
  const schema = parsePrismaSchema([{ path: "schema.prisma", text }]);
  const tenancy = resolveTenancy(schema, { model: "Tenant", column: "tenantId" });
  const context = buildRegistryContext(schema, tenancy, registryOf({ special: ["Line"] }));
  const snapshot = await Snapshot.open(parseDatabaseAddress(url), {
    ...{ jobs: 2, statementTimeout: 60_000, lockTimeout: 5000, deadline: 600_000 },
  });
  try {
    const outcome = await auditDistribution(
      snapshot,
      { context, hasRegistry: true, defaultSchema: "public" },
      { tables: [], top: 10, isEstimate: false, measuresBytes: false, ...options },
    );
    return { ...outcome, reading: outcome.facts as unknown as Reading };
  } finally {
    await snapshot.close();
  }
}

const tableOf = ({ tables }: Reading, name: string) => tables.find(({ table }) => table === name)!;

test("rows, shares, tenants with nothing, through parents too", async () => {
  await database.query(`insert into tenants values ('cccccccc-0000-4000-8000-000000000000', 'C')`);
  await database.query("delete from lines where id > 105");
  const { reading, drafts } = await read();
  expect(drafts).toEqual([]);
  expect(reading.tables.map(({ table, rows }) => [table, rows])).toEqual([
    ["assets", 40],
    ["lines", 25],
    ["clients", 20],
  ]);
  expect(tableOf(reading, "lines")).toMatchObject({
    model: "Line",
    basis: "scan",
    rows: 25,
    tenantsWithRows: 2,
    tenantsWithNothing: 1,
    rowsWithoutTenant: 0,
    rowsOfUnknownTenants: 0,
    topShare: 0.8,
    tenants: [
      { tenant: tenantA, name: "A", rows: 20, share: 0.8 },
      { tenant: tenantB, name: "B", rows: 5, share: 0.2 },
    ],
    nothing: ["cccccccc-0000-4000-8000-000000000000"],
  });
  // Sorted 0, 5, 20 of three tenants: 2 (1·0 + 2·5 + 3·20) / (3 · 25) - 4 / 3.
  expect(tableOf(reading, "lines").gini).toBeCloseTo(140 / 75 - 4 / 3, 3);
});

test("rows without a tenant and of tenants that do not exist are told apart", async () => {
  await database.query(`
    alter table assets drop constraint "assets_tenantId_fkey", alter "tenantId" drop not null;
    insert into assets values (900, null, null), (901, '${nobody}', null), (902, '${nobody}', null);
  `);
  const { reading } = await read({ tables: ["assets"] });
  expect(reading.tables).toHaveLength(1);
  expect(tableOf(reading, "assets")).toMatchObject({
    rows: 43,
    rowsWithoutTenant: 1,
    rowsOfUnknownTenants: 2,
  });
  await database.query("delete from assets where id >= 900");
});

test("growth against an earlier reading, of tenants that are no longer among the largest too", async () => {
  const earlier = (await read({ top: 1 })).reading;
  await database.query(
    `insert into assets select i, '${tenantB}', null from generate_series(1001, 1030) as i`,
  );
  const { reading } = await read({ top: 1, earlier });
  expect(tableOf(reading, "assets")).toMatchObject({
    growth: 30,
    tenants: [
      { tenant: tenantB, rows: 50 },
      { tenant: tenantA, rows: 20, growth: 0 },
    ],
  });
  // The earlier list was cut: B had rows, and how many is not known.
  expect(tableOf(reading, "assets").tenants[0]).not.toHaveProperty("growth");
});

test("growth of a tenant that is new, of one that lost everything, and of estimates with their error", async () => {
  const stranger = "dddddddd-0000-4000-8000-000000000000";
  const other = await createDatabase();
  try {
    await other.query(sampleTables);
    const asked = { tables: ["lines"] };
    const earlier = (await read(asked, other)).reading;
    await other.query(`
      insert into tenants values ('${stranger}', 'D');
      insert into assets values (500, '${stranger}', null);
      insert into lines values (500, 500, 'd');
      delete from lines where id > 100 and id < 200;
    `);
    const { tenants } = tableOf((await read({ ...asked, earlier }, other)).reading, "lines");
    expect(tenants.find(({ tenant }) => tenant === stranger)).toMatchObject({ rows: 1, growth: null });
    expect(tenants.find(({ tenant }) => tenant === tenantB)).toMatchObject({
      rows: 0,
      share: 0,
      growth: -20,
    });

    const estimated = earlier.tables.map((table) => ({
      ...table,
      ...{ basis: "estimate" as const, rows: 22, rowsError: 5 },
      tenants: table.tenants.map((share) => ({ ...share, rows: 19, low: 15, high: 22 })),
    }));
    const compared = await read({ ...asked, earlier: { ...earlier, tables: estimated } }, other);
    expect(tableOf(compared.reading, "lines")).toMatchObject({ growth: -1, growthError: 5 });
    expect(tableOf(compared.reading, "lines").tenants[0]).toMatchObject({
      rows: 20,
      growth: 1,
      growthError: 4,
    });
  } finally {
    await other.drop();
  }
});

test("bytes are shared by rows, or measured", async () => {
  await database.query(`update assets set "clientId" = null where id <= 20`);
  await database.query("vacuum analyze assets");
  const shared = tableOf((await read()).reading, "assets");
  expect(shared.bytes).toBeGreaterThanOrEqual(8192);
  expect(shared.tenants.reduce((sum, { bytes }) => sum + bytes, 0)).toBeCloseTo(shared.bytes, -1);
  const [b, a] = tableOf((await read({ measuresBytes: true })).reading, "assets").tenants;
  // A row is 24 bytes of header, 4 of id, 16 of tenant, and 4 of client where it has one.
  expect(a).toMatchObject({ tenant: tenantA, rows: 20, bytes: 20 * 44 });
  expect(b!.bytes).toBeGreaterThan(50 * 44);
});

test("an estimate of a large table holds the truth between its bounds, and a small one is exact", async () => {
  await database.query(
    "insert into lines select i, case when random() < 0.3 then 1 else 101 end, repeat('x', 200) from generate_series(1000, 60000) as i",
  );
  await database.query("vacuum analyze lines");
  const exact = tableOf((await read()).reading, "lines");
  const { reading } = await read({ isEstimate: true });
  const lines = tableOf(reading, "lines");
  expect(lines).toMatchObject({ basis: "estimate", gini: null, tenantsWithNothing: null });
  expect(Math.abs(lines.rows - exact.rows)).toBeLessThanOrEqual(lines.rowsError!);
  for (const { tenant, rows } of exact.tenants) {
    const { low, high } = lines.tenants.find((each) => each.tenant === tenant)!;
    expect(low).toBeLessThanOrEqual(rows);
    expect(high).toBeGreaterThanOrEqual(rows);
    expect(high! - low!).toBeLessThan(rows);
  }
  expect(tableOf(reading, "clients")).toMatchObject({ rows: 20, rowsError: 0, unseenBelow: 0 });
});

test("rows that come with a table by inheritance are counted in an estimate too, and sizes are those of now", async () => {
  await database.query(`
    create table lines_old () inherits (lines);
    insert into lines_old select i, 1, 'old' from generate_series(5001, 5700) as i;
  `);
  const exact = tableOf((await read()).reading, "lines");
  const estimate = tableOf((await read({ isEstimate: true })).reading, "lines");
  expect(estimate).toMatchObject({ basis: "scan", rows: exact.rows });
  const [size] = await database.query<{ bytes: string }>(
    "select (pg_total_relation_size('lines') + pg_total_relation_size('lines_old'))::text as bytes",
  );
  expect(exact.bytes).toBe(Number(size!.bytes));
  await database.query("drop table lines_old");
});

test("db/tenant-skew: 0, then found, then 0", async () => {
  const skew = async () => (await read({ tables: ["clients"] })).drafts;
  await database.query(`
    insert into tenants select gen_random_uuid(), 'T' || i from generate_series(1, 8) as i;
    insert into clients select row_number() over () + 1000, id, 'd' || row_number() over () from tenants cross join generate_series(1, 900);
  `);
  expect(await skew()).toEqual([]);
  await database.query(
    `insert into clients select i, '${tenantA}', 's' || i from generate_series(100001, 112000) as i`,
  );
  expect(await skew()).toMatchObject([
    {
      rule: "db/tenant-skew",
      subject: { model: "Client", table: "clients" },
      evidence: { rows: 12_910, basis: "scan" },
    },
  ]);
  await database.query("delete from clients where id > 100000");
  expect(await skew()).toEqual([]);
});

test("a table that is none of the tenants' is refused, with the nearest one", async () => {
  await expect(read({ tables: ["asets"] })).rejects.toThrow(/no table of tenants' rows is called asets/);
});

test("the bound of a tenant covers each partition in which the sample did not meet it", async () => {
  await database.query(`
    drop table lines, assets;
    create table assets (id int, "tenantId" uuid not null, "clientId" int, filler text) partition by list (id);
    create table assets_0 partition of assets for values in (0);
    create table assets_1 partition of assets for values in (1);
    create table assets_2 partition of assets for values in (2);
    insert into assets select i % 2 + 1, '${tenantA}', null, repeat('x', 500) from generate_series(1, 40000) as i;
    insert into assets select 0, '${tenantB}', null from generate_series(1, 15);
  `);
  await database.query("vacuum analyze assets");
  const { reading } = await read({ isEstimate: true, tables: ["assets"] });
  const { tenants, unseenBelow } = tableOf(reading, "assets");
  // Its partition has one page, so that its rows there are known; the two others may hold more.
  expect(tenants.find(({ tenant }) => tenant === tenantB)).toMatchObject({
    rows: 15,
    low: 15,
    high: 15 + unseenBelow!,
  });
});
