import { afterAll, beforeAll, expect, test } from "vitest";
import { auditFindings } from "../../support/audit.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { sampleSchema, sampleTables } from "../../support/sample-application.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(sampleTables);
});
afterAll(() => database.drop());
const audit = (schema = sampleSchema) => auditFindings(database.url, schema);

test("a model without a table: 0, then found with a clue, then 0", async () => {
  expect(await audit()).toEqual([]);

  await database.query("alter table lines rename to line");
  expect(await audit()).toMatchObject([
    {
      rule: "db/missing-table",
      subject: { model: "Line", schema: "public", table: "lines", file: "schema.prisma" },
      evidence: { nearest: "line" },
    },
  ]);

  await database.query("alter table line rename to lines");
  expect(await audit()).toEqual([]);
});

test("a table in another schema is named", async () => {
  await database.query("create schema archive; alter table lines set schema archive");
  const schema = sampleSchema
    .replace('@@map("lines")', '@@map("lines")\n  @@schema("public")')
    .replace(/(@@map\("(?:tenants|clients|assets)"\))/g, '$1\n  @@schema("public")');
  const [finding] = await audit(
    `datasource db {\n  provider = "postgresql"\n  schemas = ["public", "archive"]\n}\n${schema}`,
  );
  expect(finding).toMatchObject({ rule: "db/missing-table", evidence: { foundIn: "archive" } });
  await database.query("alter table archive.lines set schema public");
});
