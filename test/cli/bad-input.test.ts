import { expect, test } from "vitest";
import { tenantctl } from "../support/cli.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";

const schema = `datasource db {
  provider = "postgresql"
}
model Tenant {
  id String @id
  assets Asset[]
}
model Asset {
  id String @id
  tenantId String
  tenant Tenant @relation(fields: [tenantId], references: [id])
  @@index([tenantId])
}
`;
const registry =
  'export const TENANT_SCOPED_MODELS = ["Asset"] as const;\nexport const GLOBAL_MODELS = ["Tenant"] as const;\n';
const sound = { "prisma/schema.prisma": schema, "src/tenant-registry.ts": registry, "package.json": "{}" };

test("a sound project passes, so that each case below fails for its own reason", async () => {
  const result = await tenantctl(["registry", "validate", "--json"], { cwd: project(sound) });
  expect(result.code).toBe(0);
  expectValidReport(result);
});

interface Case {
  readonly name: string;
  readonly files: Record<string, string>;
  readonly args?: string[];
  readonly code: number;
  readonly says: RegExp;
  readonly hint: RegExp;
}

const without = (path: keyof typeof sound) =>
  Object.fromEntries(Object.entries(sound).filter(([key]) => key !== path));
const broken = (text: string) => ({ ...sound, "prisma/schema.prisma": text });
const withRegistry = (text: string) => ({ ...sound, "src/tenant-registry.ts": text });

const cases: Case[] = [
  {
    name: "no schema",
    files: without("prisma/schema.prisma"),
    code: 64,
    says: /no Prisma schema found/,
    hint: /--schema/,
  },
  {
    name: "a schema that is not there",
    files: sound,
    args: ["--schema", "nope.prisma"],
    code: 64,
    says: /no Prisma schema at nope.prisma/,
    hint: /--schema/,
  },
  { name: "an empty schema", files: broken(""), code: 64, says: /no models/, hint: /--schema/ },
  {
    name: "a schema of one datasource",
    files: broken('datasource db {\n  provider = "postgresql"\n}\n'),
    code: 64,
    says: /no models/,
    hint: /--schema/,
  },
  {
    name: "a syntax error",
    files: broken(schema.replace("id String @id\n  tenantId", "id String @id\n  what is this\n  tenantId")),
    code: 64,
    says: /prisma\/schema\.prisma:10: /,
    hint: /prisma validate/,
  },
  {
    name: "an unknown type",
    files: broken(schema.replace("tenantId String", "tenantId Strin")),
    code: 64,
    says: /prisma\/schema\.prisma:10: .*Strin/,
    hint: /mend the lines/,
  },
  {
    name: "no registry",
    files: without("src/tenant-registry.ts"),
    code: 64,
    says: /no registry module/,
    hint: /registry generate/,
  },
  {
    name: "a registry that is not there",
    files: sound,
    args: ["--registry", "nope.ts"],
    code: 64,
    says: /nope\.ts: there is no such file/,
    hint: /registry generate/,
  },
  {
    name: "a registry with a syntax error",
    files: withRegistry("export const TENANT_SCOPED_MODELS = [\n  'Asset'\n  'Tenant'\n];"),
    code: 64,
    says: /src\/tenant-registry\.ts:3: .*syntax error/,
    hint: /mend it/,
  },
  {
    name: "a registry that throws",
    files: withRegistry(`${registry}export const X = [].flatMap(() => []);\nthrow new Error("not today");`),
    args: ["--registry", "src/tenant-registry.ts"],
    code: 0,
    says: /^$/,
    hint: /^$/,
  },
  {
    name: "a registry that throws while its list is made",
    files: withRegistry(
      'const make = () => { throw new Error("not today"); };\nexport const TENANT_SCOPED_MODELS = make();',
    ),
    args: ["--registry", "src/tenant-registry.ts"],
    code: 64,
    says: /it throws: not today/,
    hint: /importing nothing/,
  },
  {
    name: "a registry that never ends",
    files: withRegistry("const wait = () => { for (;;); };\nexport const TENANT_SCOPED_MODELS = wait();"),
    args: ["--registry", "src/tenant-registry.ts"],
    code: 64,
    says: /did not finish loading in 10 s/,
    hint: /importing nothing/,
  },
  {
    name: "a registry that ends the process",
    files: withRegistry("const stop = () => process.exit(0);\nexport const TENANT_SCOPED_MODELS = stop();"),
    args: ["--registry", "src/tenant-registry.ts"],
    code: 64,
    says: /ended the process/,
    hint: /importing nothing/,
  },
  {
    name: "names that are no strings",
    files: withRegistry("export const TENANT_SCOPED_MODELS = [\n  'Asset',\n  42,\n];"),
    code: 64,
    says: /src\/tenant-registry\.ts:3: TENANT_SCOPED_MODELS holds 42, which is no string/,
    hint: /"Asset"/,
  },
  {
    name: "computed names that are no strings",
    files: withRegistry("const f = () => [7];\nexport const TENANT_SCOPED_MODELS = f();"),
    args: ["--registry", "src/tenant-registry.ts"],
    code: 64,
    says: /holds 7, which is no string/,
    hint: /"Asset"/,
  },
  {
    name: "a list that is none",
    files: withRegistry('export const TENANT_SCOPED_MODELS = "Asset";'),
    args: ["--registry", "src/tenant-registry.ts"],
    code: 64,
    says: /is no array of model names/,
    hint: /as const/,
  },
  {
    name: "a module without categories",
    files: { ...sound, "src/other.ts": "export const X = 1;" },
    args: ["--registry", "src/other.ts"],
    code: 64,
    says: /it exports X, none of TENANT_SCOPED_MODELS/,
    hint: /registry generate/,
  },
  {
    name: "an unknown tenant model",
    files: sound,
    args: ["--tenant-model", "Tennant"],
    code: 64,
    says: /no model Tennant/,
    hint: /did you mean Tenant\?/,
  },
  {
    name: "an unknown tenant column",
    files: sound,
    args: ["--tenant-model", "Tenant", "--tenant-column", "tenantid"],
    code: 64,
    says: /no model has a field or column tenantid/,
    hint: /did you mean tenantId\?/,
  },
  {
    name: "an unknown option",
    files: sound,
    args: ["--shema", "x"],
    code: 64,
    says: /unknown option '--shema'/,
    hint: /--help/,
  },
  {
    name: "a timeout in the config that no timer holds",
    files: { ...sound, "tenantctl.config.json": '{ "database": { "timeout": 3000000 } }' },
    code: 64,
    says: /database\.timeout: expected <=2147483, got 3000000/,
    hint: /docs\/configuration\.md/,
  },
  {
    name: "a statement timeout in the config that PostgreSQL refuses",
    files: { ...sound, "tenantctl.config.json": '{ "databases": { "eu": { "statementTimeout": 3e6 } } }' },
    code: 64,
    says: /databases\.eu\.statementTimeout: expected <=2147483, got 3000000/,
    hint: /docs\/configuration\.md/,
  },
  {
    name: "an unknown format",
    files: sound,
    args: ["--format", "yaml"],
    code: 64,
    says: /yaml/,
    hint: /--help/,
  },
  {
    name: "a config that is not there",
    files: sound,
    args: ["--config", "nope.ts"],
    code: 64,
    says: /no config file nope\.ts/,
    hint: /--config/,
  },
  {
    name: "a config with an unknown key",
    files: { ...sound, "tenantctl.config.ts": "export default { tenant: { modl: 'Tenant' } };" },
    code: 64,
    says: /tenant has no key modl, did you mean model\?/,
    hint: /correct the keys/,
  },
  {
    name: "a config with an unknown rule",
    files: { ...sound, "tenantctl.config.json": '{ "rules": { "db/missing-indx": "off" } }' },
    code: 64,
    says: /no rule db\/missing-indx, did you mean db\/missing-index\?/,
    hint: /correct/,
  },
  {
    name: "a config that throws",
    files: { ...sound, "tenantctl.config.mjs": 'throw new Error("boom");' },
    code: 64,
    says: /throws: boom/,
    hint: /defineConfig/,
  },
  {
    name: "a config with a syntax error",
    files: { ...sound, "tenantctl.config.ts": "export default {\n  a:: 1\n};" },
    code: 64,
    says: /tenantctl\.config\.ts:2: syntax error/,
    hint: /mend it/,
  },
];

test.each(cases)("$name", async ({ files, args = [], code, says, hint }) => {
  const folder = project(files);
  const text = await tenantctl(["registry", "validate", ...args], { cwd: folder });
  const json = await tenantctl(["registry", "validate", ...args, "--json"], { cwd: folder });
  expect([text.code, json.code]).toEqual([code, code]);
  expectValidReport(json);
  if (code === 0) return;
  expect(text.stdout).toBe("");
  expect(text.stderr).toMatch(says);
  expect(text.stderr).toMatch(hint);
  expect(text.stderr).not.toMatch(/\n\s+at /);
  const { error } = JSON.parse(json.stdout);
  expect(error.message).toMatch(says);
  expect(error.hint).toMatch(hint);
});

test("a registry that can't be read as a file", async () => {
  const folder = project(sound);
  const result = await tenantctl(["registry", "validate", "--registry", "src"], { cwd: folder });
  expect(result.code).toBe(64);
  expect(result.stderr).toMatch(/can't read the registry module src: EISDIR/);
});

test("a thin margin between candidates is inconclusive, and both are named", async () => {
  const twins = `datasource db {
  provider = "postgresql"
}
model Workspace {
  id String @id
  a A[]
  b B[]
}
model Organization {
  id String @id
  a A[]
  b B[]
}
model A {
  id String @id
  workspaceId String
  organizationId String
  workspace Workspace @relation(fields: [workspaceId], references: [id])
  organization Organization @relation(fields: [organizationId], references: [id])
}
model B {
  id String @id
  workspaceId String
  organizationId String
  workspace Workspace @relation(fields: [workspaceId], references: [id])
  organization Organization @relation(fields: [organizationId], references: [id])
}
`;
  const folder = project({ "prisma/schema.prisma": twins });
  const result = await tenantctl(["registry", "list", "--json"], { cwd: folder });
  expect(result.code).toBe(3);
  expectValidReport(result);
  expect(JSON.parse(result.stdout)).toMatchObject({ verdict: "inconclusive" });
  expect(result.stderr).toMatch(/Workspace \(.*\n\s+Organization|Organization \(.*\n\s+Workspace/);
});

test("no command, and an unknown one", async () => {
  const none = await tenantctl([]);
  expect(none.code).toBe(64);
  expect(none.stderr).toMatch(/a command is missing/);
  const unknown = await tenantctl(["regstry"]);
  expect(unknown.code).toBe(64);
  expect(unknown.stderr).toMatch(/unknown command 'regstry'/);
  expect(unknown.stderr).toMatch(/registry/);
  const half = await tenantctl(["registry", "--json"]);
  expect(half.code).toBe(64);
  expectValidReport(half);
});

test.each(["--timeout", "--statement-timeout"])("%s: more than a timer holds is refused", async (option) => {
  const folder = project(sound);
  for (const seconds of ["3000000", "2147484", "0", "-1", "NaN", "Infinity", "ten"]) {
    const result = await tenantctl(["audit", option, seconds, "--json"], { cwd: folder });
    expect([seconds, result.code]).toEqual([seconds, 64]);
    expect(JSON.parse(result.stdout).error.message).toMatch(/a number over 0, at most 2147483\./);
  }
});
