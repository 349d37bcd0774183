import { expect, test } from "vitest";
import { readSettings } from "../../../src/config/settings.js";
import { project } from "../../support/project.js";

const schema = 'datasource db {\n  provider = "postgresql"\n}\nmodel Tenant {\n  id Int @id\n}\n';
const base = { "package.json": "{}", "prisma/schema.prisma": schema };

test("without config: the schema where Prisma looks, the registry by its export, the URL from .env", async () => {
  const folder = project({
    ...base,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dotenv expands it.
    ".env": 'DB_HOST=db.example\nDATABASE_URL="postgresql://u:p@${DB_HOST}/app"\n',
    "prisma/.env": "DATABASE_URL=postgresql://other/x\nONLY_HERE=1\n",
    "src/config/tenant-model-registry.ts": "export const TENANT_SCOPED_MODELS = [];",
    "src/config/tenant-model-registry.test.ts": "export const TENANT_SCOPED_MODELS = [];",
    "node_modules/x/tenant-registry.js": "export const TENANT_SCOPED_MODELS = [];",
  });
  const settings = await readSettings({}, folder, {});
  expect(settings.schemaPath()).toBe(`${folder}/prisma/schema.prisma`);
  expect(settings.registryPath()).toBe(`${folder}/src/config/tenant-model-registry.ts`);
  expect(settings.databases[0]?.url().reveal()).toBe("postgresql://u:p@db.example/app");
  expect(settings.variables.get("ONLY_HERE")).toBe("1");
  expect(settings.environment).toBe("default");
});

test("the process's own variables win, and the schema's variable beats DATABASE_URL", async () => {
  const folder = project({
    ...base,
    ".env": "DATABASE_URL=postgresql://file/x\nPG_MAIN=postgresql://main/x\n",
  });
  const [target] = (await readSettings({}, folder, { DATABASE_URL: "postgresql://own/x" })).databases;
  expect(target?.url().reveal()).toBe("postgresql://own/x");
  expect(target?.url("PG_MAIN").reveal()).toBe("postgresql://main/x");
  expect(`${target?.url()} ${JSON.stringify(target?.url())}`).toBe('[redacted] "[redacted]"');
});

test("prisma.config.ts names schema and variable, and is not run", async () => {
  const folder = project({
    "package.json": "{}",
    "prisma.config.ts":
      'import path from "node:path";\nimport { defineConfig, env } from "prisma/config";\nthrow new Error("never");\nexport default defineConfig({ schema: path.join("db", "main.prisma"), datasource: { url: env("PG_URL") } });',
    "db/main.prisma": schema,
  });
  const settings = await readSettings({}, folder, { PG_URL: "postgresql://pg/x" });
  expect(settings.schemaPath()).toBe(`${folder}/db/main.prisma`);
  expect(settings.databases[0]?.url().reveal()).toBe("postgresql://pg/x");
});

test("config, its environment, and options over both", async () => {
  const folder = project({
    ...base,
    "tenantctl.config.ts": `import { defineConfig, env } from "tenantctl";
export default defineConfig({
  app: "shop",
  tenant: { model: "Tenant", column: "tenantId" },
  registry: "src/r.ts",
  database: { url: env("MAIN"), jobs: 2 },
  rules: { "db/missing-index": "warning" },
  suppress: [{ rule: "db/orphan-rows", table: "logs", reason: "purged monthly", until: "2026-12-31" }],
  environments: { staging: { database: { url: env("STAGING") } } },
});`,
  });
  const env = { MAIN: "postgresql://main/x", STAGING: "postgresql://staging/x" };
  const plain = await readSettings({}, `${folder}/prisma`, env);
  expect(plain).toMatchObject({
    app: "shop",
    severities: { "db/missing-index": "warning" },
  });
  expect(plain.registryPath()).toBe(`${folder}/src/r.ts`);
  expect(plain.suppressions).toEqual([
    { rule: "db/orphan-rows", subjects: [{ table: "logs" }], reason: "purged monthly", until: "2026-12-31" },
  ]);
  const staging = await readSettings({ env: "staging", jobs: 8, tenantModel: "Org" }, folder, env);
  expect(staging.databases[0]).toMatchObject({ jobs: 8 });
  expect(staging.databases[0]?.url().reveal()).toBe("postgresql://staging/x");
  expect(staging.tenant).toMatchObject({ model: "Org", column: "tenantId" });
  await expect(readSettings({ env: "stagging" }, folder, env)).rejects.toThrow(/no environment stagging/);
});

test("several databases: all of them, or one by name", async () => {
  const folder = project({
    ...base,
    "tenantctl.config.json":
      '{ "database": { "jobs": 3 }, "databases": { "eu": { "url": "env:EU" }, "us": { "url": "env:US" } } }',
  });
  expect((await readSettings({}, folder, {})).databases.map(({ name, jobs }) => [name, jobs])).toEqual([
    ["eu", 3],
    ["us", 3],
  ]);
  expect((await readSettings({ database: "us" }, folder, {})).databases.map(({ name }) => name)).toEqual([
    "us",
  ]);
  await expect(readSettings({ database: "asia" }, folder, {})).rejects.toThrow(/no database asia/);
});

test("several schemas that may be meant are a question", async () => {
  const folder = project({ "package.json": "{}", "a/x.prisma": schema, "b/y.prisma": schema });
  const settings = await readSettings({}, folder, {});
  expect(() => settings.schemaPath()).toThrow(
    /several Prisma schemas may be meant: a\/x\.prisma, b\/y\.prisma|several/,
  );
});

test.each([
  ["src/models.ts", "export const TENANT_SCOPED_MODELS = ['A'];"],
  ["src/lists.js", "const TENANT_SCOPED_MODELS = ['A'];\nmodule.exports = { TENANT_SCOPED_MODELS };"],
  ["lib/access.ts", "const list = ['A'];\nexport { list as TENANT_SCOPED_MODELS };"],
  ["lib/access.ts", "const TENANT_SCOPED_MODELS = ['A'];\nexport default { TENANT_SCOPED_MODELS };"],
  [
    "lib/a.ts",
    "const r = { tenantScoped: ['A'], subScoped: [], global: [], special: [] };\nexport default r;",
  ],
  [
    "lib/b.ts",
    "const lists = { tenantScoped: make('A'), global: make('B') };\nexport default { ...lists } as const;",
  ],
  ["lib/c.js", "Object.assign(module.exports, { TENANT_SCOPED_MODELS: ['A'] });"],
  [
    "lib/d.ts",
    "import { defineRegistry } from 'tenantctl';\nconst registry = defineRegistry({ global: ['A'] });\nexport default registry;",
  ],
  ["lib/e.ts", "export const tenantScoped = ['A'];"],
  ["lib/registry.ts", "export const TENANT_SCOPED_MODELS = ['A'"],
])("a registry is found by what it exports, whatever it is called: %s", async (path, text) => {
  const folder = project({
    ...base,
    [path]: text,
    "src/use.ts": "import { TENANT_SCOPED_MODELS } from './models';",
  });
  expect((await readSettings({}, folder, {})).registryPath()).toBe(`${folder}/${path}`);
});

test("lists that another module exports as one object are found where they are passed on", async () => {
  const folder = project({
    ...base,
    "src/tenancy.ts": "import { lists } from './lists';\nexport default { ...lists };",
    "src/lists.ts": "export const lists = { tenantScoped: ['A'], global: [] };",
  });
  expect((await readSettings({}, folder, {})).registryPath()).toBe(`${folder}/src/tenancy.ts`);
});

test.each([
  [
    "an import",
    "import { TENANT_SCOPED_MODELS } from './registry';\nexport const guard = { tenantScoped: TENANT_SCOPED_MODELS };",
  ],
  ["a string", "export default 'export const TENANT_SCOPED_MODELS = []';"],
  ["a comment", "// export const TENANT_SCOPED_MODELS = ['A'];\nexport const x = 1;"],
  [
    "a template",
    "export const text = `\nexport const TENANT_SCOPED_MODELS = ['A'];\nmodule.exports = { TENANT_SCOPED_MODELS }`;",
  ],
  ["a function", "export const tenantScoped = async (work: () => Promise<void>) => work();"],
  ["a setting", "export default { tenantScoped: true };"],
  [
    "what it gives another",
    "import { guard } from './guard';\nexport default guard({ tenantScopedModels: ['A'] });",
  ],
  ["an index", "export { TENANT_SCOPED_MODELS } from './registry';"],
  [
    "a set of them",
    "import { TENANT_SCOPED_MODELS } from './registry';\nexport const tenantScopedModels = new Set<string>(TENANT_SCOPED_MODELS);",
  ],
  ["a type", "export type tenantScopedModels = string[];\nexport interface X { tenantScoped: string[] }"],
])("a module that only has to do with a registry is none: %s", async (_, text) => {
  const registry = { "src/registry.ts": "export const TENANT_SCOPED_MODELS = ['A'];" };
  const beside = project({ ...base, ...registry, "src/tenant-scope.ts": text });
  expect((await readSettings({}, beside, {})).registryPath()).toBe(`${beside}/src/registry.ts`);
});

test("of two registries none is taken, and a file that passes one on is none", async () => {
  const text = "export const TENANT_SCOPED_MODELS = [];";
  const two = project({ ...base, "src/registry.ts": text, "src/registry.new.ts": text });
  const settings = await readSettings({}, two, {});
  expect(() => settings.registryPath()).toThrow(
    /several modules may be the registry: src\/registry.new.ts, src\/registry.ts/,
  );
  const passedOn = project({
    ...base,
    "src/tenancy/registry.ts": text,
    "src/tenancy-index.ts": "export { TENANT_SCOPED_MODELS } from './tenancy/registry';",
  });
  expect((await readSettings({}, passedOn, {})).registryPath()).toBe(`${passedOn}/src/tenancy/registry.ts`);
});

test.each([
  [{ suppress: [{ rule: "db/orphan-rows", reason: "  " }] }, /suppress\.0\.reason: it is empty/],
  [
    { suppress: [{ rule: "db/orphan-row", reason: "x" }] },
    /suppress\.0\.rule: there is no db\/orphan-row, did you mean db\/orphan-rows\?/,
  ],
  [{ rules: { "db/orphan-rows": "fatal" } }, /there is no fatal/],
])("%j is refused in words", async (config, says) => {
  const folder = project({ ...base, "tenantctl.config.json": JSON.stringify(config) });
  await expect(readSettings({}, folder, {})).rejects.toThrow(says);
});

test("--database and --env without any in config are refused: a report would bear a name that means nothing", async () => {
  const folder = project(base);
  await expect(readSettings({ database: "eu" }, folder, {})).rejects.toThrow(/has no database eu/);
  await expect(readSettings({ env: "staging" }, folder, {})).rejects.toThrow(
    /there is no environment staging/,
  );
});

test.each([
  ["config.database.url = 'env:OTHER';", "postgresql://other/x"],
  ["Object.assign(config.database, { url: 'env:OTHER' });", "postgresql://other/x"],
  ["if (config.database.url) config['database']['url'] = 'env:OTHER';", "postgresql://other/x"],
  ["console.assert(config.database.url);", "postgresql://main/x"],
])("a config that is changed after its literal is run: %s", async (change, expected) => {
  const folder = project({
    ...base,
    "tenantctl.config.ts": `const config = { database: { url: "env:MAIN" } };\n${change}\nexport default config;\n`,
  });
  const env = { MAIN: "postgresql://main/x", OTHER: "postgresql://other/x" };
  const [target] = (await readSettings({}, folder, env)).databases;
  expect(target?.url().reveal()).toBe(expected);
});

test("env: and file: name plain texts too, wherever they stand", async () => {
  const folder = project({
    ...base,
    "column.txt": "tenant_id\n",
    "tenantctl.config.json":
      '{ "app": "env:APP", "registry": "env:REGISTRY", "tenant": { "model": "Tenant", "column": "file:column.txt" }, "database": { "url": "env:LATER" } }',
  });
  const settings = await readSettings({}, folder, { APP: "shop", REGISTRY: "src/r.ts" });
  expect(settings).toMatchObject({ app: "shop", tenant: { column: "tenant_id" } });
  expect(settings.registryPath()).toBe(`${folder}/src/r.ts`);
  await expect(readSettings({}, folder, {})).rejects.toThrow(/app: the environment variable APP is not set/);
});
