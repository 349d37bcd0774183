import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { exampleFolder } from "../support/example.js";
import { project } from "../support/project.js";
import { expectValidReport } from "../support/report-schema.js";

const read = (folder: string) => readFileSync(join(folder, "tenantctl.config.ts"), "utf8");

test("an empty folder: nothing is found, all is said, and the config that is written can be read", async () => {
  const folder = project({});
  const { code, stdout } = await tenantctl(["init"], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout).toMatch(/– Prisma schema +no Prisma schema found/);
  expect(read(folder)).toMatch(/^ {2}\/\/ schema: "prisma\/schema\.prisma", \/\/ no Prisma schema found/m);
  const next = await tenantctlJson(["registry", "validate"], { cwd: folder });
  expect(next.code).toBe(64);
  expect(next.report.error?.message).toMatch(/no Prisma schema found/);
});

test("the example: all of it is found, and the config works as the one that a person wrote", async () => {
  const folder = project({
    "inventory/production.ini": "[app]\n",
    "ecosystem.config.cjs": "module.exports = {};",
    ".env": "DATABASE_URL=postgresql://u:secret@127.0.0.1:1/x\n",
  });
  for (const name of ["prisma", "src", "openapi.json", "package.json", "prisma.config.ts"]) {
    cpSync(join(exampleFolder, name), join(folder, name), { recursive: true });
  }
  const result = await tenantctlJson(["init"], { cwd: folder });
  expectValidReport(result);
  expect(result.report.checks[0]?.facts).toMatchObject({
    schema: { path: "prisma/schema.prisma" },
    migrations: { path: "prisma/migrations" },
    registry: { path: "src/config/tenant-model-registry.ts" },
    openapi: { path: "openapi.json" },
    inventory: { path: "inventory/production.ini" },
    ecosystem: { path: "ecosystem.config.cjs" },
    hasUrl: true,
    tenant: { model: "Tenant", column: "tenantId" },
    wrote: "tenantctl.config.ts",
  });
  expect(read(folder)).not.toContain("secret");
  const own = await tenantctlJson(["registry", "validate"], { cwd: folder });
  const theirs = await tenantctlJson(["registry", "validate"], { cwd: exampleFolder });
  expect(own.report.checks[0]?.findings).toEqual(theirs.report.checks[0]?.findings);
});

test("a config that is there stays as it is, whatever it is called", async () => {
  for (const name of ["tenantctl.config.ts", "tenantctl.config.json"]) {
    const folder = project({ [name]: "{}" });
    const { code, stderr } = await tenantctl(["init"], { cwd: folder });
    expect(code).toBe(64);
    expect(stderr).toContain(`${name} is there already, and nothing was written`);
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), "utf8")).toBe("{}");
  }
});

test("--dry-run prints it and writes nothing", async () => {
  const folder = project({});
  const { code, stdout } = await tenantctl(["init", "--dry-run"], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout).toContain("export default defineConfig({");
  expect(existsSync(join(folder, "tenantctl.config.ts"))).toBe(false);
});

test("a schema with an error, and one without a clear tenant, are told and written down", async () => {
  const broken = project({
    "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\nmodel A {\n  id Int\n}\n',
  });
  const first = await tenantctl(["init"], { cwd: broken });
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/schema\.prisma:4/);
  const unclear = project({
    "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\nmodel A {\n  id Int @id\n}\n',
  });
  const second = await tenantctl(["init"], { cwd: unclear });
  expect(second.code).toBe(0);
  expect(second.stdout).toMatch(/no model looks like the tenant/);
  expect(read(unclear)).toMatch(/^ {2}\/\/ tenant: /m);
});
