import { expect, test } from "vitest";
import { createDatabase } from "../../support/database.js";
import { indexUsage } from "../../support/index-usage.js";
import { firstMigration, nextMigration } from "../../support/schema-engine.js";

const schemaOf = (lines: string) => `datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client"
  output = "./generated"
}
model Tenant {
  id String @id @db.Uuid
  bills Bill[]
  @@map("tenants")
}
model Bill {
  id Int @id
  tenantId String @map("tenant_id") @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  at DateTime
  paid Boolean
${lines}
  @@map("bills")
}
`;

/** A schema's text without the lines, and with those, that edits name. */
function edited(
  schema: string,
  edits: { model: string; add?: readonly string[]; remove?: readonly string[] }[],
) {
  const lines = schema.split("\n");
  const gone = edits
    .flatMap(({ remove = [] }) => remove)
    .map((text) => {
      const [, line, number] = /^(.*) \(schema\.prisma:(\d+)\)$/.exec(text)!;
      // What is said to stand there does.
      expect(lines[Number(number) - 1]!.trim()).toBe(line);
      return Number(number) - 1;
    });
  const kept = lines.filter((_, at) => !gone.includes(at)).join("\n");
  return edits.reduce(
    (text, { model, add = [] }) =>
      text.replace(new RegExp(`(model ${model} \\{[^}]*)\\}`), (_, head) => `${head}${add.join("\n")}\n}`),
    kept,
  );
}

test.each([
  ["an unused index", "  @@index([tenantId])\n  @@index([at(sort: Desc)])", "", ["index/unused"]],
  [
    "one under a name of its own",
    '  @@index([tenantId])\n  @@index([at], map: "by_time")',
    "",
    ["index/unused"],
  ],
  [
    "one that the schema does not declare",
    "  @@index([tenantId])",
    "create index odd on bills (at)",
    ["index/unused"],
  ],
  [
    "a duplicate that the schema does not declare",
    "  @@index([tenantId])",
    "create index odd on bills (tenant_id)",
    ["index/duplicate"],
  ],
  [
    "the beginning of another",
    "  @@index([tenantId])\n  @@index([tenantId, at])",
    "",
    ["index/redundant-prefix"],
  ],
  [
    "the tenant behind a time",
    "  @@index([tenantId])\n  @@index([at, tenantId])",
    "",
    ["index/missing-tenant-lead", "index/unused"],
  ],
])("Prisma's next migration is empty: %s", async (_, lines, extra, rules) => {
  const schema = schemaOf(lines);
  const live = await createDatabase();
  const fresh = await createDatabase();
  try {
    const made = await firstMigration(live.url, schema);
    for (const each of [live, fresh]) await each.query(`${made}; ${extra}`);
    const { drafts } = await indexUsage(live.url, { schema, lists: { "tenant-scoped": ["Bill"] } });
    expect(drafts.map(({ rule }) => rule)).toEqual(rules);
    // The first remedy does away with the index that the second is about.
    const { remedySteps = [], remedyPrisma } = drafts[0]!;
    for (const step of remedySteps) await live.query(step);
    const after = edited(schema, [...remedyPrisma!.schema]);
    expect(await nextMigration(live.url, after)).toBe("");
    for (const sql of remedyPrisma!.migration) await fresh.query(sql);
    expect(await nextMigration(fresh.url, after)).toBe("");
  } finally {
    await live.drop();
    await fresh.drop();
  }
});
