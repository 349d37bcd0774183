import { expect, test } from "vitest";
import { completeFindings } from "../../../../src/findings/finding.js";
import { ruleIds } from "../../../../src/findings/rules.js";
import { registryFindings, rulesIn } from "../../../support/registry.js";

const schema = `model Tenant {
  id Int @id
  units Unit[]
  assets Asset[]
}
model Unit {
  id Int @id
  tenantId Int
  tenant Tenant @relation(fields: [tenantId], references: [id])
  desks Desk[]
  chairs Desk[] @relation("second")
}
model Desk {
  id Int @id
  unitId String
  unit Unit? @relation(fields: [secondId], references: [id])
  secondId Int?
  second Unit? @relation("second", fields: [thirdId], references: [id])
  thirdId Int?
}
model Asset {
  id Int @id
  tenantId Int?
  tenant Tenant? @relation(fields: [tenantId], references: [id])
  code String @unique
  @@unique([code], map: "again")
}
model Code {
  id Int @id
  tenantId String
}
model Note {
  id Int @id
  tenantId Int
}
model Loose {
  id Int @id
}
model Forgotten {
  id Int @id
}
`;

/** Every rule of the registry is broken, most of them by several entries. */
const lists = {
  "tenant-scoped": ["asset", "ASSET", "Asset", "Foo", "Foo", "Code", "Code", "code", "Loose", "Tenant"],
  "sub-scoped": ["Foo", "Desk", "desk", "UNIT"],
  global: ["Note", "note", "NOTE", "Foo", "Foo2", "fOO2"],
  special: ["loose", "Foo", "Forgotten_"],
};
const settings = {
  model: "Tenant",
  column: "tenantId",
  subScopes: [
    { model: "Unit", column: "unitId" },
    { model: "Unit", column: "unitId" },
  ],
};

test("no two findings of the registry rules share a fingerprint, whatever is wrong how often", () => {
  const drafts = [
    ...registryFindings(schema, lists, settings),
    ...registryFindings(schema, { special: ["Loose", "loose", "LOOSE"] }, settings),
  ];
  const registryRules = ruleIds.filter((rule) => rule.startsWith("registry/"));
  expect(registryRules.filter((rule) => !rulesIn(drafts).includes(rule))).toEqual([]);
  for (const part of [lists, { special: ["Loose", "loose", "LOOSE"] }]) {
    const prints = completeFindings(registryFindings(schema, part, settings)).map(
      ({ fingerprint, rule, subject }) => `${fingerprint} ${rule} ${JSON.stringify(subject)}`,
    );
    const seen = prints.map((print) => print.slice(0, 64));
    expect(prints.filter((print, index) => seen.indexOf(print.slice(0, 64)) !== index)).toEqual([]);
  }
});

test("the further places stand in the evidence", () => {
  const findings = registryFindings(schema, { "tenant-scoped": ["asset", "ASSET", "Foo"], global: ["Foo"] });
  expect(findings.find(({ rule }) => rule === "registry/name-case")).toMatchObject({
    subject: { model: "Asset", line: 1 },
    message: expect.stringContaining("lists asset and ASSET"),
    evidence: { listed: "asset", places: ["registry.ts:1", "registry.ts:2"] },
  });
  expect(findings.find(({ rule }) => rule === "registry/unknown-model")).toMatchObject({
    subject: { model: "Foo", line: 3 },
    message: expect.stringContaining("(tenant-scoped and global)"),
    evidence: { category: "tenant-scoped", places: ["registry.ts:3", "registry.ts:4"] },
  });
});
