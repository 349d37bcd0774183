import { expect, test } from "vitest";
import { parsePrismaSchema, readPrismaSchema } from "../../../../src/registry/schema/read.js";
import { project } from "../../../support/project.js";

const parse = (text: string) => parsePrismaSchema([{ path: "schema.prisma", text }]);

test("a schema of Prisma 4: url, shadowDatabaseUrl, removed preview features, referentialIntegrity", () => {
  const schema = parse(`generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["interactiveTransactions", "metrics", "views", "extendedWhereUnique"]
  binaryTargets   = ["native", "debian-openssl-1.1.x"]
}
datasource db {
  provider             = "postgresql"
  url                  = env("POSTGRES_PRISMA_URL") // with a comment
  directUrl            = env("POSTGRES_URL_NON_POOLING")
  shadowDatabaseUrl    = env("SHADOW")
  referentialIntegrity = "prisma"
}
model Asset {
  id Int @id
}
view Total {
  id Int @unique
}
`);
  expect(schema).toMatchObject({
    provider: "postgresql",
    relationMode: "prisma",
    urlVariable: "POSTGRES_PRISMA_URL",
  });
  expect(schema.models.map(({ name, kind }) => [name, kind])).toEqual([
    ["Asset", "model"],
    ["Total", "view"],
  ]);
});

test("an unknown preview feature beside a real error: the real one is told, at its own line", () => {
  const text = `generator client {
  provider = "prisma-client-js"
  previewFeatures = [
    "metrics",
    "tracing"
  ]
}
model Asset {
  id Int @id
  owner Nobody
}`;
  expect(() => parse(text)).toThrow(/schema\.prisma:10: .*Nobody/);
});

test("names, columns, keys and places", () => {
  const schema = parse(`datasource db {
  provider = "postgresql"
  schemas = ["public", "billing"]
}
/// An asset // with slashes
model Asset {
  id Int @id @default(autoincrement())
  /// its code
  code String @unique(map: "code_key") @db.VarChar(20)
  note String? @map("the_note") // "quoted" comment
  kind Kind @default(BIG)
  tags String[]

  @@index([code(sort: Desc), note], map: "i")
  @@unique([code, note])
  @@map("assets")
  @@schema("billing")
}
enum Kind {
  BIG
  @@schema("billing")
}`);
  expect(schema.schemas).toEqual(["public", "billing"]);
  const [asset] = schema.models;
  expect(asset).toMatchObject({
    name: "Asset",
    table: "assets",
    schema: "billing",
    location: { file: "schema.prisma", line: 6 },
  });
  expect(asset?.fields).toMatchObject([
    { name: "id", type: "Int", isGenerated: true, location: { line: 7 } },
    { name: "code", nativeType: ["VarChar", ["20"]], location: { line: 9 } },
    { name: "note", column: "the_note", isRequired: false },
    { name: "kind", type: "Kind", isEnum: true, isGenerated: false },
    { name: "tags", isList: true },
  ]);
  expect(asset?.keys).toMatchObject([
    { kind: "id", fields: ["id"], location: { line: 7 } },
    { kind: "unique", fields: ["code"], name: "code_key", location: { line: 9 } },
    { kind: "index", fields: ["code", "note"], name: "i", location: { line: 14 } },
    { kind: "unique", fields: ["code", "note"], location: { line: 15 } },
  ]);
});

test("models with @@ignore, by their tables; fields with @ignore stay out", () => {
  const schema = parse(`model Asset {
  id Int @id
  secret String @ignore
}
model Old {
  id Int
  @@map("old_things")
  @@ignore
}`);
  expect(schema.models[0]?.fields.map(({ name }) => name)).toEqual(["id"]);
  expect(schema.ignoredModels).toMatchObject([{ name: "Old", table: "old_things", location: { line: 5 } }]);
});

test("tables of implicit many-to-many relations, named and not, to oneself too", () => {
  const schema = parse(`model Asset {
  id Int @id
  tags Tag[]
  watchers User[] @relation("Watching")
  friends Asset[] @relation("Friends")
  friendOf Asset[] @relation("Friends")
}
model Tag {
  id Int @id
  assets Asset[]
}
model User {
  id Int @id
  watched Asset[] @relation("Watching")
}`);
  expect(schema.joinTables).toEqual([
    { table: "_AssetToTag", schema: null, a: "Asset", b: "Tag", suppressions: [] },
    { table: "_Watching", schema: null, a: "Asset", b: "User", suppressions: [] },
    { table: "_Friends", schema: null, a: "Asset", b: "Asset", suppressions: [] },
  ]);
});

test("suppressions on models, fields and attributes; those that say nothing are noted", () => {
  const schema = parse(`/// tenantctl-ignore registry/missing-index: small table, until: 2026-12-31
model Asset {
  id Int @id
  /// tenantctl-ignore db/nullable-column, registry/nullable-column: null means shared
  tenantId String?
  /// tenantctl-ignore registry/unique-without-tenant: codes are public
  @@unique([tenantId])
  /// tenantctl-ignore registry/nothing: no such rule
  @@index([tenantId])
}
/// tenantctl-ignore registry/missing-index
model Other {
  id Int @id
}`);
  const [asset] = schema.models;
  expect(asset?.suppressions).toMatchObject([
    { rule: "registry/missing-index", reason: "small table", until: "2026-12-31", line: 1 },
  ]);
  expect(asset?.keys.find(({ kind }) => kind === "unique")?.suppressions).toMatchObject([
    { rule: "registry/unique-without-tenant", reason: "codes are public", line: 6 },
  ]);
  expect(asset?.fields[1]?.suppressions).toMatchObject([
    { rule: "db/nullable-column", reason: "null means shared" },
    { rule: "registry/nullable-column", reason: "null means shared" },
  ]);
  expect(schema.notes).toEqual([
    "schema.prisma:8: this tenantctl-ignore suppresses nothing: no rule is called registry/nothing",
    "schema.prisma:11: this tenantctl-ignore suppresses nothing: it needs a rule and a reason",
  ]);
});

const head = 'datasource db {\n  provider = "postgresql"\n}\n';

test("a folder: every file of it, save those of a second schema", () => {
  const folder = project({
    "prisma/schema.prisma": head,
    "prisma/models/asset.prisma": "model Asset {\n  id Int @id\n}\n",
    "prisma/models/deep/tag.prisma": "model Tag {\n  id Int @id\n}\n",
    "prisma/analytics/schema.prisma": `${head}model Event {\n  id Int @id\n}\n`,
    "prisma/analytics/more.prisma": "model Click {\n  id Int @id\n}\n",
    "prisma/migrations/x.prisma": "model Never {\n  id Int @id\n}\n",
  });
  const names = (path: string) =>
    readPrismaSchema(`${folder}/${path}`, folder)
      .models.map(({ name }) => name)
      .sort();
  expect(names("prisma")).toEqual(["Asset", "Tag"]);
  expect(names("prisma/schema.prisma")).toEqual(["Asset", "Tag"]);
  expect(names("prisma/analytics")).toEqual(["Click", "Event"]);
  expect(readPrismaSchema(`${folder}/prisma`, folder).models[0]?.location).toEqual({
    file: "prisma/models/asset.prisma",
    line: 1,
  });
});

test("two schemas side by side in one folder: the one called schema.prisma, else a question", () => {
  const files = {
    "a/schema.prisma": `${head}model A {\n  id Int @id\n}\n`,
    "a/other.prisma": `${head}model B {\n  id Int @id\n}\n`,
  };
  const folder = project(files);
  expect(readPrismaSchema(`${folder}/a`, folder).models.map(({ name }) => name)).toEqual(["A"]);
  const unclear = project({
    "a/one.prisma": files["a/schema.prisma"],
    "a/two.prisma": files["a/other.prisma"],
  });
  expect(() => readPrismaSchema(`${unclear}/a`, unclear)).toThrow(
    /holds 2 schemas.*a\/one\.prisma, a\/two\.prisma/,
  );
});

test("Windows line ends and a byte order mark", () => {
  const folder = project({
    "schema.prisma": `\uFEFF${head}model Asset {\r\n  id Int @id\r\n  tenantId String\r\n  @@index([tenantId])\r\n}\r\n`,
  });
  expect(readPrismaSchema(`${folder}/schema.prisma`, folder).models[0]?.keys).toMatchObject([
    { fields: ["id"] },
    { fields: ["tenantId"], location: { line: 7 } },
  ]);
});

test("comments on relations, lists and nowhere; end dates that are none", () => {
  const schema = parse(`model Asset {
  id Int @id
  clientId Int?
  /// tenantctl-ignore db/cross-tenant-reference: shared clients
  client Client? @relation(fields: [clientId], references: [id])
  /// tenantctl-ignore db/orphan-rows: purged nightly
  tags Tag[]
  /// tenantctl-ignore db/orphan-rows: until: 31.01.2027 by hand
  code String
  /// tenantctl-ignore db/orphan-rows: until 2026-13-01 by hand
  note String
  /// tenantctl-ignore db/orphan-rows: above nothing
}
/// tenantctl-ignore db/orphan-rows: a line apart

model Client {
  id Int @id
  assets Asset[]
}
model Tag {
  id Int @id
  assets Asset[]
}`);
  expect(schema.models[0]?.fields.find(({ name }) => name === "clientId")?.suppressions).toMatchObject([
    { rule: "db/cross-tenant-reference", reason: "shared clients", line: 4 },
  ]);
  expect(schema.joinTables[0]?.suppressions).toMatchObject([{ rule: "db/orphan-rows", line: 6 }]);
  expect(schema.notes.map((note) => note.replace(": this tenantctl-ignore suppresses nothing", ""))).toEqual([
    "schema.prisma:8: its end is no date: write until: 2026-12-31, not 31.01.2027",
    "schema.prisma:10: its end is no date: write until: 2026-12-31, not 2026-13-01",
    "schema.prisma:12: it stands above no model, field or key",
    "schema.prisma:14: it stands above no model, field or key",
  ]);
});

test("what a block comment holds is not there, and lines stay where they are", () => {
  const text = `datasource db {
  provider = "postgresql"
}
/* model Old {
  id Int @id
} */
model A {
  id Int @id /* the
  key */
  note String @default("/* no comment */")
  // nor /* this
  other String
}
`;
  const schema = parsePrismaSchema([{ path: "schema.prisma", text }]);
  expect(schema.models.map(({ name }) => name)).toEqual(["A"]);
  expect(schema.models[0]!.location.line).toBe(7);
  expect(schema.models[0]!.fields.map(({ name, location }) => [name, location.line])).toEqual([
    ["id", 8],
    ["note", 10],
    ["other", 12],
  ]);
});

test("Prisma's default action is RESTRICT as soon as one column of the key is required", () => {
  const { models } = parsePrismaSchema([
    {
      path: "schema.prisma",
      text: `datasource db {
  provider = "postgresql"
}
model Client {
  id Int @id
  tenantId Int
  assets Asset[]
  others Asset[] @relation("Other")
  @@unique([tenantId, id])
}
model Asset {
  id Int @id
  tenantId Int
  clientId Int?
  otherId Int?
  client Client? @relation(fields: [tenantId, clientId], references: [tenantId, id], map: "asset client")
  other Client? @relation("Other", fields: [otherId], references: [id])
}
`,
    },
  ]);
  expect(models[1]!.relations).toMatchObject([
    { field: "client", onDelete: "Restrict", name: "asset client" },
    { field: "other", onDelete: "SetNull" },
  ]);
});
