import { expect, test } from "vitest";
import { parsePrismaSchema } from "../../../../src/registry/schema/read.js";
import { inferTenant } from "../../../../src/registry/tenancy/infer.js";
import { resolveTenancy } from "../../../../src/registry/tenancy/resolve.js";

const parse = (text: string) =>
  parsePrismaSchema([
    { path: "schema.prisma", text: `datasource db {\n  provider = "postgresql"\n}\n${text}` },
  ]);

/** A tenant of this name, a user, a membership, and some models that belong to each. */
function application(tenant: string, column: string, owned: number, personal: number): string {
  const relation = (name: string) =>
    `${name.toLowerCase()} ${name} @relation(fields: [${name === "User" ? "userId" : column}], references: [id])`;
  const models = Array.from(
    { length: owned },
    (_, index) => `model Owned${index} {\n  id Int @id\n  ${column} Int\n  ${relation(tenant)}\n}\n`,
  );
  const mine = Array.from(
    { length: personal },
    (_, index) => `model Personal${index} {\n  id Int @id\n  userId Int\n  ${relation("User")}\n}\n`,
  );
  return `model ${tenant} {
  id Int @id
  members Member[]
${models.map((_, index) => `  owned${index} Owned${index}[]`).join("\n")}
}
model User {
  id Int @id
  memberships Member[]
${mine.map((_, index) => `  personal${index} Personal${index}[]`).join("\n")}
}
model Member {
  id Int @id
  ${column} Int
  userId Int
  ${relation(tenant)}
  ${relation("User")}
}
${models.join("")}${mine.join("")}`;
}

test.each([
  ["Tenant", "tenantId"],
  ["Organization", "organization_id"],
  ["Organisation", "organisationId"],
  ["Team", "teamID"],
  ["Workspace", "workspaceId"],
  ["Company", "companyId"],
  ["Org", "orgId"],
  ["tenants", "tenant_id"],
  ["Account", "accountId"],
])("%s by %s, though most models point at User", (tenant, column) => {
  const inference = inferTenant(parse(application(tenant, column, 3, 6)));
  expect(inference).toMatchObject({ kind: "clear", winner: { model: { name: tenant }, column } });
});

test("User alone is never the tenant for being pointed at most", () => {
  const schema =
    "model User {\n  id Int @id\n  a A[]\n  b B[]\n}\nmodel A {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\nmodel B {\n  id Int @id\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n}\n";
  expect(inferTenant(parse(schema)).kind).toBe("unclear");
});

test("a column without a relation counts by its name", () => {
  const schema =
    "model Tenant {\n  id Int @id\n}\nmodel A {\n  id Int @id\n  tenantId Int\n}\nmodel B {\n  id Int @id\n  tenant_id Int\n}\nmodel C {\n  id Int @id\n  tenantId Int\n}\n";
  expect(inferTenant(parse(schema))).toMatchObject({
    kind: "clear",
    winner: { column: "tenantId", direct: 2 },
  });
});

test("settings are believed, completed and checked", () => {
  const schema = parse(application("Gizmo", "gizmoRef", 2, 0));
  expect(resolveTenancy(schema, { model: "Gizmo" })).toMatchObject({
    model: { name: "Gizmo" },
    column: "gizmoRef",
  });
  expect(resolveTenancy(schema, { column: "gizmoRef" })).toMatchObject({ model: { name: "Gizmo" } });
  expect(() => resolveTenancy(schema, { model: "Gizmos" })).toThrow(/no model Gizmos/);
  expect(() => resolveTenancy(schema, { column: "nothing" })).toThrow(
    /no relation shows which model nothing points at/,
  );
});

const units = (name: string, column: string) => `model Tenant {
  id Int @id
  units ${name}[]
  desks Desk[]
  doors Door[]
}
model ${name} {
  id Int @id
  tenantId Int
  tenant Tenant @relation(fields: [tenantId], references: [id])
  desks Desk[]
  doors Door[]
}
${["Desk", "Door"].map((model) => `model ${model} {\n  id Int @id\n  tenantId Int\n  tenant Tenant @relation(fields: [tenantId], references: [id])\n  ${column} Int\n  unit ${name} @relation(fields: [${column}], references: [id])\n}\n`).join("")}`;

test("a sub-scope is inferred from its name, or from the registry's sub-scoped models", () => {
  expect(resolveTenancy(parse(units("BusinessUnit", "businessUnitId"))).subScopes).toMatchObject([
    { model: { name: "BusinessUnit" }, column: "businessUnitId" },
  ]);
  expect(resolveTenancy(parse(units("Hub", "hubId"))).subScopes).toEqual([]);
  expect(resolveTenancy(parse(units("Hub", "hubId")), {}, ["Desk", "Door"]).subScopes).toMatchObject([
    { model: { name: "Hub" }, column: "hubId" },
  ]);
});

test("the tenant column may be told by the database's name for it, whatever a field elsewhere is called", () => {
  const schema = parse(`model Tenant {
  id Int @id
  desks Desk[]
}
model Desk {
  id Int @id
  tenantId Int @map("user")
  tenant Tenant @relation(fields: [tenantId], references: [id])
}
model Locale {
  id Int @id
  user String @map("select")
}
`);
  expect(resolveTenancy(schema, { model: "Tenant", column: "user" }).column).toBe("tenantId");
  expect(resolveTenancy(schema, { column: "tenantId" }).column).toBe("tenantId");
});
