import { expect, test } from "vitest";
import { auditFindings } from "../../support/audit.js";
import { createDatabase } from "../../support/database.js";
import { firstMigration, nextMigration } from "../../support/schema-engine.js";

const datasource = `datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client"
  output = "./generated"
}
`;
const tenant = (lines = "") => `model Tenant {
  id String @id @db.Uuid
  name String
${lines}
  @@map("tenants")
}
`;

interface Case {
  readonly name: string;
  readonly schema: string;
  /** SQL that breaks what Prisma made. */
  readonly breaks?: string;
  readonly rules: readonly string[];
  /** Where a person has to write more than a line: what a change in words means. */
  readonly change?: (schema: string) => string;
}

const cases: Case[] = [
  {
    name: "an index, under names that differ from the columns'",
    schema: `${tenant("  bills Bill[]")}model Bill {
  id Int @id
  tenantId String @map("tenant_id") @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
}
`,
    rules: ["db/missing-index"],
  },
  ...[
    '@@index([tenantId], map: "bills_of_tenant")',
    "@@index([tenantId(sort: Desc)])",
    "@@index([tenantId, id])",
    "@@unique([tenantId, id])",
  ].map((key) => ({
    name: `an index that the schema declares and somebody dropped: ${key}`,
    schema: `${tenant("  bills Bill[]")}model Bill {
  id Int @id
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  ${key}
}
`,
    breaks: `do $$ begin execute (select 'drop index ' || string_agg(quote_ident(indexname), ', ') from pg_indexes where tablename = 'Bill' and indexname <> 'Bill_pkey'); end $$`,
    rules: key.includes("unique") ? ["db/missing-index", "db/schema-drift"] : ["db/missing-index"],
  })),
  {
    name: "a unique tenant column that lost its index",
    schema: `${tenant("  bill Bill?")}model Bill {
  id Int @id
  tenantId String @unique @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
}
`,
    breaks: 'drop index "Bill_tenantId_key"',
    rules: ["db/missing-index", "db/schema-drift"],
  },
  {
    name: "an index whose usual name a table bears",
    schema: `${tenant("  bills Bill[]")}model Bill {
  id Int @id
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
}
model Odd {
  id Int @id
  @@map("Bill_tenantId_idx")
}
`,
    rules: ["db/missing-index"],
  },
  {
    name: "a foreign key whose relation the schema has",
    schema: `${tenant("  bills Bill[]")}model Bill {
  id Int @id
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id], onDelete: Cascade)
  @@index([tenantId])
}
`,
    breaks: 'alter table "Bill" drop constraint "Bill_tenantId_fkey"',
    rules: ["db/missing-foreign-key"],
  },
  {
    name: "a foreign key whose relation the schema lacks, where the fields' names are taken",
    schema: `${tenant("  bills Int?")}model Bill {
  id Int @id
  tenantId String @db.Uuid
  tenant String?
  @@index([tenantId])
}
`,
    rules: ["db/missing-foreign-key"],
  },
  {
    name: "a second relation between two models",
    schema: `${tenant("  sold Bill[]")}model Bill {
  id Int @id
  tenantId String @db.Uuid
  sellerId String @db.Uuid
  seller Tenant @relation(fields: [sellerId], references: [id])
  @@index([tenantId])
}
`,
    rules: ["db/missing-foreign-key"],
  },
  {
    name: "a foreign key whose usual name a check bears",
    schema: `${tenant()}model Bill {
  id Int @id
  tenantId String @db.Uuid
  @@index([tenantId])
}
`,
    breaks: 'alter table "Bill" add constraint "Bill_tenantId_fkey" check (id > 0)',
    rules: ["db/missing-foreign-key"],
  },
  {
    name: "a foreign key that points elsewhere",
    schema: `${tenant("  bills Bill[]")}model Other {
  id String @id @db.Uuid
}
model Bill {
  id Int @id
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  @@index([tenantId])
}
`,
    breaks: `alter table "Bill" drop constraint "Bill_tenantId_fkey";
      alter table "Bill" add constraint odd foreign key ("tenantId") references "Other" (id)`,
    rules: ["db/wrong-foreign-key-target"],
  },
  {
    name: "a column that may be null, and a foreign key that empties it",
    schema: `${tenant("  bills Bill[]")}model Bill {
  id Int @id
  tenantId String? @db.Uuid
  tenant Tenant? @relation(fields: [tenantId], references: [id])
  @@index([tenantId])
}
`,
    rules: ["db/nullable-column"],
    change: (schema) => schema.replace("tenantId String?", "tenantId String").replace("Tenant?", "Tenant"),
  },
  {
    name: "a column that may be null, without a foreign key",
    schema: `${tenant()}model Bill {
  id Int @id
  tenantId String? @db.Uuid
  @@index([tenantId])
}
`,
    rules: ["db/missing-foreign-key", "db/nullable-column"],
    change: (schema) =>
      schema
        .replace("tenantId String?", "tenantId String")
        .replace("Tenant?", "Tenant")
        .replace(", onDelete: Restrict", ""),
  },
];

test.each(cases)("Prisma's next migration is empty: $name", async ({ schema, breaks, rules, change }) => {
  const before = `${datasource}${schema}`;
  const database = await createDatabase();
  const fresh = await createDatabase();
  try {
    const made = await firstMigration(database.url, before);
    for (const each of [database, fresh]) await each.query(made);
    if (breaks) await database.query(breaks);
    const audit = (text: string) =>
      auditFindings(database.url, text, { lists: { "tenant-scoped": ["Bill"] } });
    const findings = await audit(before);
    expect(findings.map(({ rule }) => rule).sort()).toEqual(rules);

    for (const step of findings.flatMap(({ remedySteps = [] }) => remedySteps)) await database.query(step);
    const sides = findings.flatMap(({ remedyPrisma }) => remedyPrisma ?? []);
    expect(sides).toHaveLength(findings.filter(({ rule }) => rule !== "db/schema-drift").length);
    const edits = sides.flatMap((side) => side.schema);
    expect(edits.some((edit) => edit.change)).toBe(change !== undefined);
    const added = edits.reduce((text, { model, add = [] }) => {
      return text.replace(
        new RegExp(`(model ${model} \\{[^}]*)\\}`),
        (_, head) => `${head}${add.map((line) => `  ${line}\n`).join("")}}`,
      );
    }, before);
    const after = change ? change(added) : added;
    expect((await audit(after)).map(({ message }) => message)).toEqual([]);
    expect(await nextMigration(database.url, after)).toBe("");

    for (const sql of sides.flatMap(({ migration }) => migration)) await fresh.query(sql);
    expect(await nextMigration(fresh.url, after)).toBe("");
  } finally {
    await database.drop();
    await fresh.drop();
  }
});
