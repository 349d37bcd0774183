import { expect, test } from "vitest";
import { readRegistry } from "../../../../dist/registry/module/read.js";
import { project } from "../../../support/project.js";

/** Lists by category, and how they were read. The loader runs compiled, as users run it. */
async function read(files: Record<string, string>, path = "src/registry.ts") {
  const folder = project(files);
  const registry = await readRegistry(`${folder}/${path}`, folder);
  const lists: Record<string, string[]> = {};
  for (const { name, category } of registry.entries) lists[category] = [...(lists[category] ?? []), name];
  return { lists, readBy: registry.readBy, entries: registry.entries };
}

const expected = { "tenant-scoped": ["Asset", "Invoice"], global: ["Tenant"] };

test.each([
  [
    "arrays as const",
    'export const TENANT_SCOPED_MODELS = ["Asset", "Invoice"] as const;\nexport const GLOBAL_MODELS = ["Tenant"];',
  ],
  [
    "types and satisfies",
    "export const TENANT_SCOPED_MODELS: readonly string[] = ['Asset', `Invoice`] satisfies string[];\nexport const GLOBAL_MODELS = <const>['Tenant'];",
  ],
  [
    "sets and frozen arrays",
    "export const TENANT_SCOPED_MODELS = new Set<string>(['Asset', 'Invoice']);\nexport const GLOBAL_MODELS = Object.freeze(['Tenant']);",
  ],
  [
    "spreads of constants",
    "const CORE = ['Asset'] as const;\nexport const TENANT_SCOPED_MODELS = [...CORE, 'Invoice'];\nexport const GLOBAL_MODELS = ['Tenant'];",
  ],
  [
    "Prisma's own names",
    "import { Prisma } from '@prisma/client';\nexport const TENANT_SCOPED_MODELS = [Prisma.ModelName.Asset, Prisma.ModelName.Invoice];\nexport const GLOBAL_MODELS = [Prisma.ModelName.Tenant];",
  ],
  [
    "an object of names",
    "const M = { asset: 'Asset', invoice: 'Invoice', tenant: 'Tenant' } as const;\nexport const TENANT_SCOPED_MODELS = [M.asset, M['invoice']];\nexport const GLOBAL_MODELS = [M.tenant];",
  ],
  [
    "an enum",
    "enum M { A = 'Asset', I = 'Invoice', T = 'Tenant' }\nexport const TENANT_SCOPED_MODELS = [M.A, M.I];\nexport const GLOBAL_MODELS = [M.T];",
  ],
  [
    "Object.values",
    "const M = { a: 'Asset', i: 'Invoice' };\nexport const TENANT_SCOPED_MODELS = Object.values(M);\nexport const GLOBAL_MODELS = ['Tenant'];",
  ],
  [
    "defineRegistry",
    "import { defineRegistry } from 'tenantctl';\nexport default defineRegistry({ tenantScoped: ['Asset', 'Invoice'], global: ['Tenant'] });",
  ],
  [
    "a default export of the four names",
    "const TENANT_SCOPED_MODELS = ['Asset', 'Invoice'];\nexport default { TENANT_SCOPED_MODELS, GLOBAL_MODELS: ['Tenant'] };",
  ],
  [
    "exported under another name",
    "const scoped = ['Asset', 'Invoice'];\nconst rest = ['Tenant'];\nexport { scoped as TENANT_SCOPED_MODELS, rest as GLOBAL_MODELS };",
  ],
  [
    "CommonJS",
    "const scoped = ['Asset', 'Invoice'];\nmodule.exports = { TENANT_SCOPED_MODELS: scoped, GLOBAL_MODELS: ['Tenant'] };",
  ],
  [
    "CommonJS, one by one",
    "exports.TENANT_SCOPED_MODELS = ['Asset', 'Invoice'];\nexports.GLOBAL_MODELS = ['Tenant'];",
  ],
  [
    "camelCase names",
    "export const tenantScopedModels = ['Asset', 'Invoice'];\nexport const globalModels = ['Tenant'];",
  ],
])("%s are read without running anything", async (_, text) => {
  const { lists, readBy } = await read({ "src/registry.ts": `${text}\n` });
  expect(lists).toEqual(expected);
  expect(readBy).toBe("static");
});

test("imports of other files, re-exports and path aliases are followed", async () => {
  const files = {
    "tsconfig.json": '{ "compilerOptions": { "paths": { "@models/*": ["./src/models/*"] } } }',
    "src/models/billing.ts": "export const BILLING = ['Invoice'] as const;",
    "src/models/core.ts": "export const CORE = ['Asset'];",
    "src/lists.ts":
      "import { BILLING } from '@models/billing';\nimport { CORE } from './models/core.js';\nexport const TENANT_SCOPED_MODELS = [...CORE, ...BILLING];\nexport const GLOBAL_MODELS = ['Tenant'];",
    "src/registry.ts": "export * from './lists';",
  };
  const { lists, readBy, entries } = await read(files);
  expect(lists).toEqual(expected);
  expect(readBy).toBe("static");
  expect(entries.find(({ name }) => name === "Invoice")?.location).toEqual({
    file: "src/models/billing.ts",
    line: 1,
  });
});

test("what has to be computed is loaded in a child process, with aliases and without our environment", async () => {
  const files = {
    "tsconfig.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "@m/*": ["src/*"] } } }',
    "src/names.ts": "export const names = (text: string): string[] => text.split(' ');",
    "src/registry.ts":
      "import { names } from '@m/names';\nconsole.log('noise');\nexport const TENANT_SCOPED_MODELS = names('Asset Invoice');\nexport const GLOBAL_MODELS = [process.env.HOME ?? 'Tenant'];",
  };
  const { lists, readBy } = await read(files);
  expect(lists).toEqual(expected);
  expect(readBy).toBe("child process");
});

test("a list that spreads another one repeats none of its names, read either way", async () => {
  const units = "const UNITS = ['Desk'];\nexport const BUSINESS_UNIT_SCOPED_MODELS = UNITS;\n";
  const read1 = await read({
    "src/registry.ts": `${units}export const TENANT_SCOPED_MODELS = [...UNITS, 'Asset'];`,
  });
  const read2 = await read({
    "src/registry.ts": `${units}export const TENANT_SCOPED_MODELS = UNITS.concat('Asset');`,
  });
  expect([read1.readBy, read2.readBy]).toEqual(["static", "child process"]);
  for (const { entries } of [read1, read2]) {
    const places = entries.filter(({ name }) => name === "Desk").map(({ place }) => place);
    expect(places).toHaveLength(2);
    expect(new Set(places).size).toBe(1);
  }
});

test("entries know their lines", async () => {
  const { entries } = await read({
    "src/registry.ts": "export const TENANT_SCOPED_MODELS = [\n  'Asset',\n  'Invoice',\n];",
  });
  expect(entries.map(({ location }) => location.line)).toEqual([2, 3]);
});

test.each([
  "TENANT_SCOPED_MODELS.push('Invoice');",
  "for (const name of ['Invoice']) TENANT_SCOPED_MODELS.push(name);",
  "TENANT_SCOPED_MODELS[1] = 'Invoice';",
])("a list that is changed after it was declared is loaded: %s", async (change) => {
  const text = `export const TENANT_SCOPED_MODELS = ['Asset'];\n${change}\nexport const GLOBAL_MODELS = ['Tenant'];\n`;
  const { lists, readBy } = await read({ "src/registry.mjs": text }, "src/registry.mjs");
  expect(lists).toEqual(expected);
  expect(readBy).toBe("child process");
});

test("functions that only look at a list leave it as it is", async () => {
  const text = `export const TENANT_SCOPED_MODELS = ['Asset', 'Invoice'];
export const GLOBAL_MODELS = ['Tenant'];
export const isScoped = (name) => TENANT_SCOPED_MODELS.includes(name) || new Set(GLOBAL_MODELS).has(name);
`;
  expect((await read({ "src/registry.mjs": text }, "src/registry.mjs")).readBy).toBe("static");
});
