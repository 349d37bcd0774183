import { existsSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../../src/adapters/embedded-postgres.js";
import { auditFindings } from "../../support/audit.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { sampleSchema, sampleTables, tenantA } from "../../support/sample-application.js";

/** The oldest server that this machine has beside the embedded one. */
const base = "/usr/lib/postgresql";
const versions = existsSync(base)
  ? readdirSync(base).sort((left, right) => Number(left) - Number(right))
  : [];

describe.each(["embedded", versions[0] ?? "none installed"])("remedies on PostgreSQL %s", (version) => {
  let server: EmbeddedServer | undefined;
  let database: TestDatabase;
  beforeAll(async () => {
    if (version !== "embedded") server = await startEmbeddedPostgres({ binaries: `${base}/${version}/bin` });
    database = await createDatabase(undefined, server?.url ?? inject("postgresUrl"));
    await database.query(sampleTables);
  }, 60_000);
  afterAll(async () => {
    await database.drop();
    await server?.stop();
  });

  const audit = async () => auditFindings(database.url, sampleSchema);

  /** Runs every statement of the findings, one at a time, as a person would; returns what is found afterwards. */
  async function mend(rules: readonly string[]): Promise<readonly string[]> {
    const findings = await audit();
    expect(findings.map(({ rule }) => rule).sort()).toEqual([...rules].sort());
    for (const step of findings.flatMap(({ remedySteps = [] }) => remedySteps)) await database.query(step);
    return (await audit()).map(({ rule }) => rule);
  }

  const definition = async (name: string) => {
    const [row] = await database.query<{ text: string }>(
      "select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1 and conparentid = 0",
      [name],
    );
    return row!.text;
  };

  test("names that another constraint bears are not taken", async () => {
    await database.query(`
      alter table assets drop constraint "assets_tenantId_fkey", alter "tenantId" drop not null;
      alter table assets add constraint "assets_tenantId_fkey" check (id > 0);
      alter table assets add constraint "assets_tenantId_check" check (id > 0);
    `);
    expect(await mend(["db/missing-foreign-key", "db/nullable-column"])).toEqual([]);
    await database.query(`
      alter table assets drop constraint "assets_tenantId_fkey", drop constraint "assets_tenantId_check";
      alter table assets rename constraint "assets_tenantId_fkey_2" to "assets_tenantId_fkey";
    `);
  });

  test("a constraint that is declared anew keeps all that it said", async () => {
    await database.query(`
      alter table assets drop constraint "assets_clientId_fkey";
      alter table assets add constraint "assets_clientId_fkey" foreign key ("clientId") references clients (id)
        match full on delete set null ("clientId") on update cascade deferrable initially deferred;
    `);
    const before = await definition("assets_clientId_fkey");
    await database.query("alter table assets disable trigger all");
    // Both keys of assets, and the one that points at it: half of its triggers are here.
    expect(await mend(Array(3).fill("db/unvalidated-foreign-key"))).toEqual([]);
    expect(await definition("assets_clientId_fkey")).toBe(before);
  });

  test("partitioned: an index without a lock on the parent, through partitions of partitions", async () => {
    const own = await createDatabase(undefined, server?.url ?? inject("postgresUrl"));
    try {
      await own.query(`
        create table tenants (id uuid primary key, name text not null);
        create table events (id int not null, "tenantId" uuid not null references tenants (id), at int not null) partition by range (at);
        create table events_old partition of events for values from (0) to (10);
        create table events_new partition of events for values from (10) to (20) partition by hash (id);
        create table events_new_0 partition of events_new for values with (modulus 2, remainder 0);
        create table events_new_1 partition of events_new for values with (modulus 2, remainder 1);
      `);
      const schema = `model Tenant {
        id String @id @db.Uuid
        name String
        events Event[]
        @@map("tenants")
      }
      model Event {
        id Int
        tenantId String @db.Uuid
        tenant Tenant @relation(fields: [tenantId], references: [id])
        at Int
        @@index([tenantId])
        @@map("events")
        @@ignore
      }`
        .replace("        @@ignore\n", "")
        .replace("id Int\n        tenantId", "id Int @id\n        tenantId");
      const findings = (await auditFindings(own.url, schema)).filter(
        ({ rule }) => rule === "db/missing-index",
      );
      expect(findings).toHaveLength(1);
      const steps = findings[0]!.remedySteps!;
      expect(steps.filter((step) => /CONCURRENTLY/.test(step))).toHaveLength(3);
      for (const step of steps) await own.query(step);
      const [index] = await own.query<{ valid: boolean }>(
        `select indisvalid as valid from pg_index where indexrelid = '"events_tenantId_idx"'::regclass`,
      );
      expect(index?.valid).toBe(true);
      const rules = (await auditFindings(own.url, schema)).map(({ rule }) => rule);
      expect(rules).not.toContain("db/missing-index");
      expect(rules).not.toContain("db/invalid-index");
    } finally {
      await own.drop();
    }
  });

  test("partitioned: missing, wrong and switched-off constraints, without a scan under the parent's lock", async () => {
    await database.query(`
      alter table lines drop constraint "lines_assetId_fkey";
      alter table assets rename to old_assets;
      create table assets (id int not null, "tenantId" uuid not null, "clientId" int, unique (id, "tenantId")) partition by list ("tenantId");
      create table assets_a partition of assets for values in ('${tenantA}');
      create table assets_rest partition of assets default partition by hash (id, "tenantId");
      create table assets_rest_0 partition of assets_rest for values with (modulus 1, remainder 0);
      insert into assets select id, "tenantId", "clientId" from old_assets;
      drop table old_assets;
      create index on assets ("tenantId");
    `);
    /** Of the constraints alone: such a table can't have the primary key that the schema declares. */
    const found = async () =>
      (await audit()).filter(({ subject }) => subject.table === "assets" && subject.column !== "id");
    const mendAll = async (rule: string) => {
      const findings = await found();
      expect(new Set(findings.map((finding) => finding.rule))).toEqual(new Set([rule]));
      for (const step of findings.flatMap(({ remedySteps = [] }) => remedySteps)) await database.query(step);
      expect(await found()).toEqual([]);
    };
    await mendAll("db/missing-foreign-key");

    await database.query(`
      create table old_tenants as table tenants;
      alter table old_tenants add primary key (id);
      alter table assets drop constraint "assets_tenantId_fkey";
      alter table assets add constraint "assets_tenantId_fkey" foreign key ("tenantId") references old_tenants (id);
    `);
    await mendAll("db/wrong-foreign-key-target");
    await database.query("drop table old_tenants");

    await database.query("alter table assets disable trigger all");
    await mendAll("db/unvalidated-foreign-key");
  });
});
