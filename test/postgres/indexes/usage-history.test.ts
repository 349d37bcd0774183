import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../../src/adapters/embedded-postgres.js";
import type { ServerReading } from "../../../src/indexes/usage/readings.js";
import { createDatabase, type TestDatabase, urlOf } from "../../support/database.js";
import { indexUsage, stateFolder, type UsageRun } from "../../support/index-usage.js";
import { sampleTables } from "../../support/sample-application.js";
import { debianBinaries, startReplica } from "../../support/streaming-replica.js";

const day = 86_400_000;
const extra = "create index extra on clients (code)";
const useExtra =
  "set enable_seqscan = off; select * from clients where code = 'c1'; reset enable_seqscan; select pg_stat_force_next_flush()";

/** What is said of the index `extra`: that it is unused, that it can't be said, or nothing. */
async function verdict(url: string, run: UsageRun = {}) {
  const { drafts, obstacle, reading } = await indexUsage(url, run);
  const { scans } = reading.indexUsage.find(({ index }) => index === "extra")!;
  const isUnused = drafts.some(({ rule, subject }) => rule === "index/unused" && subject.index === "extra");
  return { says: isUnused ? "unused" : (obstacle?.status ?? "nothing"), reason: obstacle?.reason, scans };
}

function readingsIn(folder: string): { path: string; readings: ServerReading[] } {
  const path = join(folder, "index-usage", readdirSync(join(folder, "index-usage"))[0]!);
  const readings = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return { path, readings: readings.map((line) => JSON.parse(line)) };
}

/** Puts what was read so far some days back, as if those runs had been then. */
function age(folder: string, days: number): void {
  const { path, readings } = readingsIn(folder);
  const older = readings.map((reading) => ({
    ...reading,
    at: reading.at - days * day,
    from: reading.from === null ? null : reading.from - days * day,
  }));
  writeFileSync(path, older.map((reading) => JSON.stringify(reading)).join("\n"));
}

describe("one server", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    await database.query(`${sampleTables}; ${extra}; analyze`);
  });
  afterAll(() => database.drop());
  const week = { minAge: 7 * day };

  test("young statistics say nothing, and for how long to wait", async () => {
    const { says, reason } = await verdict(database.url, { options: week });
    expect(says).toBe("inconclusive");
    expect(reason).toMatch(
      /whether extra is used can't be said.*7 days are asked for; run it again in 7 days/,
    );
  });

  test("readings of earlier runs make them old enough", async () => {
    const state = stateFolder();
    await verdict(database.url, { state });
    age(state, 8);
    expect(await verdict(database.url, { state, options: week })).toMatchObject({ says: "unused", scans: 0 });
  });

  test("an index that no earlier reading has is too young, whatever the statistics' age", async () => {
    const state = stateFolder();
    await verdict(database.url, { state });
    age(state, 8);
    const { path, readings } = readingsIn(state);
    const without = readings.map((reading) => ({
      ...reading,
      indexes: Object.fromEntries(
        Object.entries(reading.indexes).filter(([, [name]]) => name !== "public.extra"),
      ),
    }));
    writeFileSync(path, without.map((reading) => JSON.stringify(reading)).join("\n"));
    expect(await verdict(database.url, { state, options: week })).toMatchObject({ says: "inconclusive" });
  });

  test("Prisma's migrations tell the age of what was there before them", async () => {
    const state = stateFolder();
    await verdict(database.url, { state });
    age(state, 8);
    const { path, readings } = readingsIn(state);
    // A reading that covers the time and knows no index by itself.
    writeFileSync(path, readings.map((reading) => JSON.stringify({ ...reading, indexes: {} })).join("\n"));
    await database.query(`
      create table _prisma_migrations (id int, finished_at timestamptz);
      insert into _prisma_migrations values (1, now() - interval '9 days');
    `);
    expect(await verdict(database.url, { state, options: week })).toMatchObject({ says: "unused" });
    // One that ended before the index was made tells nothing.
    await database.query("drop index extra; create index extra on clients (code)");
    expect(await verdict(database.url, { state, options: week })).toMatchObject({ says: "inconclusive" });
    await database.query("drop table _prisma_migrations");
  });

  test("a reset in between hides no scan, and its time counts once", async () => {
    const state = stateFolder();
    await database.query(useExtra);
    expect(await verdict(database.url, { state })).toMatchObject({ says: "nothing", scans: 1 });
    age(state, 30);
    await database.query("select pg_stat_reset()");
    expect(await verdict(database.url)).toMatchObject({ says: "unused", scans: 0 });
    expect(await verdict(database.url, { state })).toMatchObject({ says: "nothing", scans: 1 });
    expect(await verdict(database.url, { state })).toMatchObject({ scans: 1 });
    // The same counter, a moment later: no scan is counted twice.
    await database.query(useExtra);
    expect(await verdict(database.url, { state })).toMatchObject({ scans: 2 });
    expect(readingsIn(state).readings).toHaveLength(4);
  });

  test("a reading that a killed run cut off harms no other", async () => {
    const state = stateFolder();
    await verdict(database.url, { state });
    const { path } = readingsIn(state);
    writeFileSync(path, `${readFileSync(path, "utf8")}\n{"version":1,"at":17`);
    await verdict(database.url, { state });
    const { reading } = await indexUsage(database.url, { state });
    expect(reading.earlierReadings).toBe(2);
  });

  test("counters that are switched off say nothing", async () => {
    await database.query(`alter database ${database.name} set track_counts = off`);
    const { reason } = await verdict(database.url, { options: { maxScans: 100 } });
    expect(reason).toMatch(/track_counts is off/);
    await database.query(`alter database ${database.name} reset track_counts`);
  });

  test("a role without any right still sees the counters", async () => {
    const role = `reader_${process.pid}`;
    await database.query(`create role ${role} login password 'secret'`);
    try {
      const url = urlOf(database.url, database.name, { name: role, password: "secret" });
      const { reading, obstacle } = await indexUsage(url);
      expect(obstacle).toBeUndefined();
      expect(reading.indexUsage.find(({ index }) => index === "extra")).toMatchObject({ bloatBytes: null });
      expect(reading.indexUsage.find(({ index }) => index === "extra")!.scans).toBeGreaterThan(0);
    } finally {
      await database.query(`drop role ${role}`);
    }
  });

  test("a table that a migration holds hides its definitions only", async () => {
    const other = await createDatabase();
    await other.query(`${sampleTables}; ${extra}`);
    await other.query("begin; lock table clients");
    try {
      const { obstacle, reading } = await indexUsage(other.url);
      expect(obstacle).toMatchObject({ status: "error", reason: expect.stringContaining("public.clients") });
      const sizes = reading.indexUsage.map(({ table, bytesBasis }) => `${table} ${bytesBasis}`);
      expect(new Set(sizes)).toEqual(
        new Set(["assets size", "clients estimate", "lines size", "tenants size"]),
      );
    } finally {
      await other.query("rollback");
      await other.drop();
    }
  });

  test("a server of another cluster is no replica", async () => {
    const another = await startEmbeddedPostgres({ binaries: debianBinaries() });
    try {
      await expect(indexUsage(database.url, { replicas: [another.url] })).rejects.toThrow(
        /is no replica of .*its cluster or its database is another/,
      );
    } finally {
      await another.stop();
    }
    await expect(indexUsage(database.url, { replicas: [database.url] })).rejects.toThrow(/given already/);
  });
});

describe("a primary and its replica (Debian's server)", () => {
  let server: EmbeddedServer;
  let primary: TestDatabase;
  let replica: Awaited<ReturnType<typeof startReplica>>;
  let replicaUrl: string;
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ binaries: debianBinaries() });
    primary = await createDatabase(undefined, server.url);
    await primary.query(`${sampleTables}; ${extra}; analyze`);
    replica = await startReplica(server.url);
    replicaUrl = replica.urlFor(primary.name);
    const isStreaming =
      "select from pg_stat_replication where state = 'streaming' and replay_lsn is not null";
    while ((await primary.query(isStreaming)).length === 0) await new Promise((done) => setTimeout(done, 50));
  });
  afterAll(async () => {
    await replica.stop();
    await server.stop();
  });

  test("scans on a replica count; without it nothing is called unused", async () => {
    const alone = await verdict(primary.url);
    expect(alone.says).toBe("inconclusive");
    expect(alone.reason).toMatch(/1 more server streams from the primary.*--replica/);
    expect(await verdict(primary.url, { options: { ignoresStandbys: true } })).toMatchObject({
      says: "unused",
    });
    expect(await verdict(primary.url, { replicas: [replicaUrl] })).toMatchObject({ says: "unused" });
    expect((await verdict(replicaUrl)).reason).toMatch(/only standbys were read/);

    const { default: pg } = await import("pg");
    const client = new pg.Client(replicaUrl);
    await client.connect();
    await client.query(useExtra);
    await client.end();
    const both = await verdict(primary.url, { replicas: [replicaUrl] });
    expect(both).toMatchObject({ says: "nothing", scans: 1 });
    // The order in which they are named does not matter.
    expect(await verdict(replicaUrl, { replicas: [primary.url] })).toMatchObject({ scans: 1 });
  });

  test("after a failover the old primary's scans stand in its readings", async () => {
    const state = stateFolder();
    await primary.query("create index later on clients (code desc)");
    await primary.query(
      "set enable_seqscan = off; select code from clients order by code desc nulls first limit 1; drop index later; select pg_stat_force_next_flush()",
    );
    await primary.query(useExtra);
    const before = await verdict(primary.url, { state, replicas: [replicaUrl] });
    expect(before.scans).toBe(2);
    await server.stop();
    replica.promote();
    const after = await verdict(replicaUrl, { state });
    expect(after.scans).toBe(2);
    // The new primary has been one for a moment only, however long it counted as a standby.
    const { reading } = await indexUsage(replicaUrl, { state });
    expect(reading.counted).toMatchObject([{ role: "primary", observedDays: 0 }]);
  });
});
