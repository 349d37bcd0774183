import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const lists = { "tenant-scoped": ["Asset"], global: ["Tenant"] };
const asset = (fields: string, attributes = "") =>
  registryFindings(
    tenantModel("Asset") + scopedModel("Asset", fields, `@@index([tenantId])\n  ${attributes}`),
    lists,
  );

test("a unique key that spans tenants is found, where it stands", () => {
  expect(asset("code String", "@@unique([tenantId, code])")).toEqual([]);

  const findings = asset("code String @unique");
  expect(rulesIn(findings)).toEqual(["registry/unique-without-tenant"]);
  expect(findings[0]?.subject).toMatchObject({ model: "Asset", field: "code", file: "schema.prisma" });

  expect(rulesIn(asset("code String\n  region String", "@@unique([region, code])"))).toEqual([
    "registry/unique-without-tenant",
  ]);
  expect(asset("code String", "@@unique([tenantId, code])")).toEqual([]);
});

test("values that nobody can choose tell nothing", () => {
  expect(asset("token String @unique @default(uuid())")).toEqual([]);
  expect(asset("serial Int @unique @default(autoincrement())")).toEqual([]);
  expect(asset("code String", "@@unique([id, code])")).toEqual([]);
});

test.each([
  "accessToken",
  "client_secret",
  "nonce",
  "tokenHash",
  "hashedKey",
  "apiKeyDigest",
  "passwordHash",
])("nobody can compute or guess %s", (name) => {
  expect(asset(`${name} String @unique`)).toEqual([]);
});

test.each(["contentHash", "sha256Digest", "signature", "hash", "sortKey"])(
  "who holds what %s is made of can compute it",
  (name) => {
    expect(rulesIn(asset(`${name} String @unique`))).toEqual(["registry/unique-without-tenant"]);
  },
);

test("a key that holds a foreign key to an owned row can't span tenants", () => {
  const child = `${tenantModel("Asset")}${scopedModel("Asset", "photos Photo[]")}model Photo {
  id Int @id
  assetId String @db.Uuid
  asset Asset @relation(fields: [assetId], references: [id])
  position Int
  @@unique([assetId, position])
}`;
  expect(registryFindings(child, { ...lists, special: ["Photo"] })).toEqual([]);
});

test("a model that is not scoped may have what it likes", () => {
  const module = "model Module {\n  id Int @id\n  code String @unique\n}";
  expect(
    registryFindings(tenantModel("Asset") + scopedModel("Asset") + module, {
      ...lists,
      global: ["Tenant", "Module"],
    }),
  ).toEqual([]);
});
