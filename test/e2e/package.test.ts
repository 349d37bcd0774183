import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createExampleDatabase } from "../support/example.js";
import { installPacked, pack } from "../support/packed.js";
import { project } from "../support/project.js";
import { sampleSchema } from "../support/sample-application.js";

let folder: string;
let home: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tenantctl-package-")));
  home = join(folder, "home");
  mkdirSync(home);
  installPacked(pack(folder), home);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = () => join(home, "node_modules", "tenantctl");
const run = (args: string[], cwd = folder, env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(installed(), "bin", "tenantctl.js"), ...args], {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...env },
  });

test("the packed package holds what it needs, and nothing else", () => {
  expect(readdirSync(installed()).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "bin",
    "dist",
    "docs",
    "examples",
    "package.json",
    "playbooks",
    "sql",
  ]);
  expect(readdirSync(join(installed(), "examples", "divanco")).sort()).toEqual([
    "README.md",
    "prisma",
    "src",
    "tenantctl.config.ts",
    "tenantctl.smoke.ts",
  ]);
  for (const name of ["vitest", "prisma", "@biomejs"])
    expect(existsSync(join(home, "node_modules", name)), name).toBe(false);
});

test("the packed command answers and explains", () => {
  expect(run(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run(["explain", "db/orphan-rows"]).stdout).toMatch(/^# db\/orphan-rows/);
});

test("the packed command validates a registry, by a config that has to be run", () => {
  const application = project({
    "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}`,
    "src/registry.ts":
      'const scoped = () => ["Client", "Asset"];\nexport const TENANT_SCOPED_MODELS = scoped();\nexport const GLOBAL_MODELS = ["Tenant"];\nexport const SPECIAL_HANDLING_MODELS = ["Line"];\n',
    "tenantctl.config.ts":
      'import { defineConfig } from "tenantctl";\nconst make = () => ({ app: "packed", registry: "src/registry.ts" });\nexport default defineConfig(make());\n',
  });
  const { status, stdout, stderr } = run(["registry", "validate", "--json"], application);
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout).checks).toMatchObject([{ id: "registry", status: "pass" }]);
});

test("the packed command audits a database", async () => {
  const example = await createExampleDatabase();
  const schema = join(installed(), "examples", "divanco", "prisma", "schema.prisma");
  const audit = run(["audit", "--schema", schema, "--json"], folder, { DATABASE_URL: example.url });
  await example.drop();
  expect(audit.status, audit.stderr).toBe(1);
  expect(JSON.parse(audit.stdout).summary.error).toBeGreaterThan(5);
});

test("the demo runs from the package: audit, report, exit 0", () => {
  const demo = run(["demo"]);
  expect(demo.status, demo.stderr).toBe(0);
  expect(demo.stderr).toMatch(/demo: starting an embedded PostgreSQL[\s\S]*demo: seeding/);
  expect(demo.stdout).toMatch(/FAIL {2}9 errors, 5 warnings/);
  const [last] = demo.stdout.trimEnd().split("\n").slice(-1);
  expect(last).toBe(join(folder, ".tenantctl", "demo-report.html"));
}, 120_000);
