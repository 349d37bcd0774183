import { afterAll, beforeAll, expect, test } from "vitest";
import { compareFindings } from "../../src/findings/finding.js";
import { tenantctlJson } from "../support/cli.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const longest = "x".repeat(63);
const names = [
  'qu"oted',
  "with space",
  "UPPER",
  "select",
  "user",
  "emoji 🚚 table",
  "semi;colon -- comment",
  "back\\slash",
  'colon:name :"x" $1',
  longest,
  "é".repeat(31),
];

/** Prisma takes any string in @@map; only its own quotes and backslashes need escaping. */
const mapped = (name: string) => `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const sql = (name: string) => `"${name.replaceAll('"', '""')}"`;

test.each(names)("a table, a column and a schema called %s", async (name) => {
  await database.query(`
    drop schema if exists ${sql(name)} cascade;
    create schema ${sql(name)};
    set search_path = ${sql(name)};
    create table tenants (${sql(name)} int primary key);
    create table ${sql(name)} (id int primary key, ${sql(name)} int not null);
    insert into tenants values (1), (2);
    insert into ${sql(name)} values (10, 1), (11, 2), (12, 99);
  `);
  const schema = `datasource db {
  provider = "postgresql"
}
model Tenant {
  id Int @id @map(${mapped(name)})
  things Thing[]
  @@map("tenants")
}
model Thing {
  id Int @id
  tenantId Int @map(${mapped(name)})
  tenant Tenant @relation(fields: [tenantId], references: [id])
  @@map(${mapped(name)})
}
`;
  const url = `${database.url}?schema=${encodeURIComponent(name)}`;
  const result = await tenantctlJson(["audit", "--tenant-model", "Tenant", "--tenant-column", "tenantId"], {
    cwd: project({ "prisma/schema.prisma": schema }),
    env: { DATABASE_URL: url },
  });
  expect(result.code, result.stderr).toBe(1);
  expectValidReport(result);
  const findings = result.report.checks.flatMap((check) => check.findings).sort(compareFindings);
  expect(findings).toMatchObject([
    {
      rule: "db/orphan-rows",
      subject: { schema: name, table: name, column: name },
      evidence: { rows: 1, sample: [12] },
    },
    { rule: "db/missing-index", subject: { table: name } },
    { rule: "db/missing-foreign-key", subject: { table: name } },
  ]);
  // The remedies are statements that this server takes as they are.
  await database.query(`delete from ${sql(name)} where id = 12`);
  for (const step of findings.slice(1).flatMap((finding) => finding.remedySteps ?? []))
    await database.query(step);
  const again = await tenantctlJson(["audit", "--tenant-model", "Tenant", "--tenant-column", "tenantId"], {
    cwd: project({ "prisma/schema.prisma": schema }),
    env: { DATABASE_URL: url },
  });
  expect(again.report.checks.flatMap((check) => check.findings)).toEqual([]);
});

test("names over 63 bytes are cut as PostgreSQL cuts them", async () => {
  const long = "y".repeat(80);
  await database.query("set search_path = public");
  await database.query(
    `create table tenants (id int primary key); create table ${long} (id int primary key, ${long} int not null references tenants (id)); create index on ${long} (${long})`,
  );
  const schema = `datasource db {\n  provider = "postgresql"\n}\nmodel Tenant {\n  id Int @id\n  things Thing[]\n  @@map("tenants")\n}\nmodel Thing {\n  id Int @id\n  tenantId Int @map("${long}")\n  tenant Tenant @relation(fields: [tenantId], references: [id])\n  @@map("${long}")\n}\n`;
  const result = await tenantctlJson(["audit", "--tenant-model", "Tenant"], {
    cwd: project({ "prisma/schema.prisma": schema }),
    env: { DATABASE_URL: database.url },
  });
  expect(result.report.checks.flatMap((check) => check.findings)).toEqual([]);
  expect(result.code).toBe(0);
});
