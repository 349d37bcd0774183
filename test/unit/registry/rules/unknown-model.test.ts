import { expect, test } from "vitest";
import { registryFindings, rulesIn, scopedModel, tenantModel } from "../../../support/registry.js";

const schema = tenantModel("Asset") + scopedModel("Asset");
const whole = { "tenant-scoped": ["Asset"], global: ["Tenant"] };

test("a name that no model has is found, with the nearest one", () => {
  expect(registryFindings(schema, whole)).toEqual([]);

  const [finding, ...others] = registryFindings(schema, { ...whole, special: ["Aset"] });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    rule: "registry/unknown-model",
    subject: { model: "Aset", file: "registry.ts", line: 3 },
    evidence: { nearest: "Asset" },
  });

  expect(registryFindings(schema, whole)).toEqual([]);
});

test("a table's name or a plural leads to its model", () => {
  const mapped = schema.replace("@@index", '@@map("fleet_items")\n  @@index');
  expect(registryFindings(mapped, { ...whole, special: ["fleet_items"] })[0]?.evidence?.nearest).toBe(
    "Asset",
  );
  expect(registryFindings(schema, { ...whole, special: ["assets"] })[0]?.evidence?.nearest).toBe("Asset");
});

test("a model with @@ignore exists, though nobody needs to list it", () => {
  const ignored = "model Legacy {\n  id Int @id\n  @@ignore\n}";
  expect(registryFindings(schema + ignored, { ...whole, global: ["Tenant", "Legacy"] })).toEqual([]);
});

test("a name like a method of Object is a name like any other", () => {
  expect(rulesIn(registryFindings(schema, { ...whole, global: ["Tenant", "constructor"] }))).toEqual([
    "registry/unknown-model",
  ]);
});

test("a name that one list takes over from another is written once, and found once", () => {
  const location = { file: "registry.ts", line: 1 };
  const listed = (name: string) =>
    (["sub-scoped", "tenant-scoped"] as const).map((category) => ({
      name,
      category,
      location,
      place: "1:8",
    }));
  const registry = {
    file: "registry.ts",
    readBy: "static" as const,
    entries: [...listed("Gone"), ...listed("asset")],
  };
  const rules = rulesIn(registryFindings(schema, registry));
  expect(rules.filter((rule) => rule === "registry/unknown-model")).toHaveLength(1);
  expect(rules.filter((rule) => rule === "registry/name-case")).toHaveLength(1);
});
