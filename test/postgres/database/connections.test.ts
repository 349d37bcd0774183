import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { attributedBy } from "../../../src/database/connections/how-to.js";
import { auditConnections, type ConnectionOptions } from "../../../src/database/index.js";
import type { ConnectionsReading } from "../../../src/findings/connections.js";
import { createDatabase, type TestDatabase, urlOf } from "../../support/database.js";
import { checkDatabase } from "../../support/database-check.js";
import { startPgBouncer } from "../../support/pgbouncer.js";
import { sampleTables, tenantA, tenantB } from "../../support/sample-application.js";

let database: TestDatabase;
const open: pg.Client[] = [];
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.end()));
});
afterAll(() => database.drop());

async function connect(name = "api", url = database.url): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name });
  client.on("error", () => {});
  await client.connect();
  open.push(client);
  return client;
}

async function read(options: Partial<ConnectionOptions> = {}, url = database.url) {
  const outcome = await checkDatabase(url, (snapshot, application) =>
    auditConnections(snapshot, application, {
      ...{ idleSeconds: 60, nearPercent: 100, attribution: undefined },
      ...options,
    }),
  );
  return { ...outcome, reading: outcome.facts as unknown as ConnectionsReading };
}

const ofTenant = ({ tenants }: ConnectionsReading, tenant: string | null) =>
  tenants?.find((each) => each.tenant === tenant);

describe("each line that is printed makes a connection attributable", () => {
  const set = "SELECT set_config('application_name', $1, true)";
  test.each([
    ["SQL, first in each transaction", (line: string) => [line.replace("TENANT_ID", tenantA)]],
    [
      "Prisma, first in each interactive transaction",
      (line: string) => {
        // What Prisma sends for the tagged template: its value as a parameter.
        const [, sql, value, end] = /\$queryRaw`(.*)\$\{`(.*)`\}(.*)`$/.exec(line)!;
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of the user's code
        expect([`${sql}$1${end}`, value]).toEqual([set, "tenant:${tenantId}"]);
        return [set, [`tenant:${tenantA}`]];
      },
    ],
    [
      "sqlcommenter, before each statement",
      (line: string) => [line.replace("TENANT_ID", tenantA).replace("SELECT …", "select 1")],
    ],
  ] as const)("%s", async (way, statement) => {
    const { line } = attributedBy.find((each) => each.way === way)!;
    const client = await connect();
    await client.query("begin");
    expect(ofTenant((await read()).reading, tenantA)).toBeUndefined();
    const [sql, values] = statement(line) as [string, string[]?];
    await client.query(sql, values);
    const { reading } = await read();
    expect(ofTenant(reading, tenantA)).toMatchObject({ name: "A", connections: 1, idleInTransaction: 1 });
    await client.query("rollback");
  });
});

test("the lines are printed where a connection says no tenant, and only there", async () => {
  // The test's own connection says none.
  expect((await read()).reading.attributedBy).toEqual(attributedBy);
  await database.query(`set application_name = 'tenant:${tenantB}'`);
  const { reading } = await read();
  expect(reading.attributedBy).toEqual([]);
  expect(reading.totals).toMatchObject({ connections: 1, attributed: 1, notAttributed: 0, notVisible: 0 });
  await database.query("reset application_name");
});

test("through PgBouncer in transaction mode too, for the transaction alone", async () => {
  const pooler = await startPgBouncer(urlOf(database.url, "postgres"), 1);
  try {
    const client = await connect("api", pooler.urlFor(database.name));
    await client.query("begin");
    await client.query(`set local application_name = 'tenant:${tenantB}'`);
    expect(ofTenant((await read()).reading, tenantB)).toMatchObject({ connections: 1 });
    await client.query("commit");
    expect(ofTenant((await read()).reading, tenantB)).toBeUndefined();
    await Promise.all(open.splice(0).map((each) => each.end()));
  } finally {
    await pooler.stop();
  }
});

test("names: of the pooler, of config; a tenant by its name; a stranger as it says", async () => {
  await connect(`tenant=${tenantA} - 10.0.0.7:4711`);
  await connect("svc/B");
  await connect("tenant_id:nobody");
  const usual = (await read()).reading;
  expect(usual.hasPooler).toBe(true);
  expect(usual.tenants?.map(({ tenant, name }) => [tenant, name])).toEqual([
    [tenantA, "A"],
    ["nobody", null],
    [null, null],
  ]);
  const { reading } = await read({ attribution: "^svc/(?<tenant>.+)$" });
  expect(ofTenant(reading, tenantB)).toMatchObject({ name: "B", connections: 1 });
  expect(ofTenant(reading, tenantA)).toBeUndefined();
});

test("a pattern of config that would never end is refused", async () => {
  await connect(`${"a".repeat(60)}!`);
  await expect(read({ attribution: "^(?<tenant>(a+)+)$" })).rejects.toThrow(/takes more than 500 ms/);
});

test("idle in a transaction: found when long enough, longest first, with whom it holds up", async () => {
  expect((await read({ idleSeconds: 1 })).drafts).toEqual([]);
  const holder = await connect(`tenant:${tenantA}`);
  await holder.query("begin");
  await holder.query("update assets set id = id where id = 1");
  const [row] = (await holder.query<{ pid: number }>("select pg_backend_pid() as pid")).rows;
  const waiter = await connect("worker");
  const waiting = waiter.query("update assets set id = id where id = 1");
  await expect
    .poll(async () => (await read()).reading.sessions.find(({ waitsFor }) => waitsFor?.startsWith("Lock")))
    .toMatchObject({ blockedBy: [row!.pid], owner: null, state: "active" });
  expect((await read({ idleSeconds: 60 })).drafts).toEqual([]);
  await expect.poll(async () => (await read({ idleSeconds: 1 })).drafts.length, { timeout: 5000 }).toBe(1);
  const { drafts, reading } = await read({ idleSeconds: 1 });
  expect(drafts).toMatchObject([
    {
      rule: "db/idle-in-transaction",
      subject: { role: "postgres" },
      evidence: { pids: [row!.pid], blocked: [expect.any(Number)] },
    },
  ]);
  expect(reading.sessions[0]).toMatchObject({
    pid: row!.pid,
    owner: { tenant: tenantA, by: "application_name" },
  });
  await database.query(drafts[0]!.remedySteps![0]!);
  await waiting;
  expect((await read({ idleSeconds: 1 })).drafts).toEqual([]);
});

test("limits: of a role and of the database, near and not near", async () => {
  const name = `limited_${process.pid}`;
  await database.query(`create role ${name} login password 'x' connection limit 4`);
  try {
    const url = urlOf(database.url, database.name, { name, password: "x" });
    await connect("api", url);
    expect((await read({ nearPercent: 50 })).drafts).toEqual([]);
    await connect("api", url);
    const { drafts, reading } = await read({ nearPercent: 50 });
    expect(drafts).toMatchObject([
      {
        rule: "db/connections-near-limit",
        subject: { role: name },
        evidence: { used: 2, limit: 4, reserved: 0 },
      },
    ]);
    expect(reading.limits.find(({ kind }) => kind === "server")).toMatchObject({ limit: 97, reserved: 3 });
    await database.query(drafts[0]!.remedySteps![0]!);
    expect((await read({ nearPercent: 50 })).drafts).toEqual([]);
    await database.query(`alter database ${database.name} connection limit 3`);
    expect((await read({ nearPercent: 90 })).drafts).toMatchObject([{ subject: { limit: "database" } }]);
    await database.query(`alter database ${database.name} connection limit -1`);
  } finally {
    await Promise.all(open.splice(0).map((client) => client.end()));
    await database.query(`drop role ${name}`);
  }
});

test("without pg_read_all_stats what others do is not visible: inconclusive, with the grant", async () => {
  const name = `watcher_${process.pid}`;
  await database.query(`create role ${name} login password 'x'`);
  try {
    const url = urlOf(database.url, database.name, { name, password: "x" });
    await connect(`tenant:${tenantA}`);
    const hidden = await read({}, url);
    expect(hidden.obstacle).toMatchObject({
      status: "inconclusive",
      reason: expect.stringContaining(`GRANT pg_read_all_stats TO "${name}";`),
    });
    expect(hidden.reading.totals).toMatchObject({ notVisible: 2, attributed: 1 });
    expect(hidden.reading.sessions.every(({ state, query }) => state === null && query === "")).toBe(true);
    await database.query(`grant pg_read_all_stats to ${name}`);
    expect((await read({}, url)).obstacle).toBeUndefined();
  } finally {
    await database.query(`drop role ${name}`);
  }
});
