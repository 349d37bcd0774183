import { expect, test } from "vitest";
import { proposeRegistry, renderRegistryModule } from "../../../../src/registry/generate.js";
import { parsePrismaSchema } from "../../../../src/registry/schema/read.js";
import { describePath, tenantPaths } from "../../../../src/registry/tenancy/path.js";
import { resolveTenancy } from "../../../../src/registry/tenancy/resolve.js";
import { registryFindings } from "../../../support/registry.js";

/** A shop's schema: `order` are the fields of Order, and its lists on Tenant follow from them. */
function shop(order: string): string {
  const lists = [...order.matchAll(/Tenant\?? @relation\("(\w+)"/g)].map(
    ([, name]) => `  ${name} Order[] @relation("${name}")`,
  );
  return `model Tenant {
  id Int @id
  assets Asset[]
${lists.join("\n")}
}
model Asset {
  id Int @id
  tenantId Int
  tenant Tenant @relation(fields: [tenantId], references: [id])
  orders Order[]
}
model Order {
  id Int @id
  ${order}
  lines Line[]
  assetId Int?
  asset Asset? @relation(fields: [assetId], references: [id])
}
model Line {
  id Int @id
  orderId Int
  order Order @relation(fields: [orderId], references: [id])
}
`;
}

const to = (name: string, optional = "") =>
  `${name}Id Int${optional}\n  ${name} Tenant${optional} @relation("${name}s", fields: [${name}Id], references: [id])`;

function read(text: string) {
  const schema = parsePrismaSchema([
    { path: "schema.prisma", text: `datasource db {\n  provider = "postgresql"\n}\n${text}` },
  ]);
  const tenancy = resolveTenancy(schema, { model: "Tenant", column: "tenantId" });
  const paths = tenantPaths(schema, tenancy);
  const shown = (name: string) => `${paths.get(name)!.kind}: ${describePath(paths.get(name)!)}`;
  return { shown, module: renderRegistryModule(proposeRegistry(schema, tenancy), tenancy) };
}

test("of two required relations to the tenant none is guessed to be the owner", () => {
  const { shown, module } = read(shop(`${to("buyer")}\n  ${to("seller")}`));
  expect([shown("Order"), shown("Line")]).toEqual(["none: buyer or seller", "none: order"]);
  expect(module).toContain(
    '"Order", // points at Tenant by buyer and seller. DECIDE: whose row is it, by buyer or seller?',
  );
  expect(module).toContain('"Line", // reached through order → Order. DECIDE:');
  expect(module).toContain("// 2 entries need a person's word");
});

test("nor is a longer way taken in their place", () => {
  const { shown } = read(
    shop(`${to("buyer")}\n  ${to("seller")}`).replace(
      /assetId Int\?\n {2}asset Asset\?/,
      "assetId Int\n  asset Asset",
    ),
  );
  expect(shown("Order")).toBe("none: buyer or seller");
});

test("one required relation is the way, and so is the usual column", () => {
  expect(read(shop(to("buyer"))).shown("Order")).toBe("parent: buyer → Tenant");
  expect(read(shop(to("buyer"))).shown("Line")).toBe("parent: order → buyer → Tenant");
  expect(read(shop(`${to("buyer")}\n  ${to("seller", "?")}`)).shown("Order")).toBe("parent: buyer → Tenant");
  expect(read(shop(`${to("tenant")}\n  ${to("buyer")}\n  ${to("seller")}`)).shown("Order")).toBe(
    "own: tenantId",
  );
});

test("special handling is what such a model needs, so no rule objects to it", () => {
  const lists = { "tenant-scoped": ["Asset"], global: ["Tenant"], special: ["Order", "Line"] };
  const text = shop(`${to("buyer")}\n  ${to("seller")}`).replace(
    "orders Order[]",
    "orders Order[]\n  @@index([tenantId])",
  );
  expect(registryFindings(text, lists)).toEqual([]);
});
