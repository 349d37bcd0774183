import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tenantctl } from "../support/cli.js";
import { project } from "../support/project.js";
import { sampleSchema } from "../support/sample-application.js";

const url = "postgresql://u:s3cr3t@h/db";
const files = {
  "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}`,
  "src/registry.ts": 'export const TENANT_SCOPED_MODELS = ["Client", "Asset", "Line"];\n',
};

/** Runs it as text and as JSON: what of either may be seen. */
async function outputs(args: readonly string[], more: Record<string, string> = {}) {
  const options = { cwd: project({ ...files, ...more }) };
  const text = await tenantctl(args, options);
  const json = await tenantctl([...args, "--json"], options);
  const file = join(options.cwd, "report.json");
  return {
    codes: [text.code, json.code],
    all: text.stdout + text.stderr + json.stdout + json.stderr + (existsSync(file) ? readFileSync(file) : ""),
  };
}

test.each([
  [[url]],
  [["registry", url]],
  [["audit", url]],
  [["audit", `--shema=${url}`]],
  [["explain", url]],
  [["completion", url]],
  [["audit", "--url", `env:${url}`]],
  [["audit", "--url", `file:${url}`]],
  ...[
    ...[
      "--database",
      "--config",
      "--schema",
      "--registry",
      "--output",
      "--format",
      "--fail-on",
      "--baseline",
    ],
    ...["--jobs", "--timeout", "--statement-timeout", "--require", "--tenant-model", "--tenant-column"],
  ].map((option) => [["audit", option, url]]),
  [["db", "distribution", "--earlier", url]],
  [["db", "distribution", "--top", url]],
  [["init", "--file", url]],
  [["registry", "validate", "--env", url]],
  [["registry", "validate", "--env", url, "--output", "report.json"]],
  [["registry", "generate", "--output", url]],
])("a URL in the wrong place is told back without its password: %j", async (args) => {
  const { all } = await outputs(args);
  expect(all).not.toContain("s3cr3t");
  expect(all).toContain("[redacted]");
});

test.each([
  ["a config that throws", { "tenantctl.config.mjs": `throw new Error("no answer from ${url}");` }],
  ["a config with it as a key", { "tenantctl.config.json": `{ "${url}": 1 }` }],
  ["a config with it as a value", { "tenantctl.config.json": `{ "tenant": "${url}" }` }],
  ["a config without the environment", { "tenantctl.config.json": '{ "environments": { "a": {} } }' }],
  [
    "a registry that throws",
    { "src/registry.ts": `export const TENANT_SCOPED_MODELS = (() => { throw new Error("${url}"); })();` },
  ],
])("%s", async (name, more) => {
  const args = ["registry", "validate", "--registry", "src/registry.ts"];
  const { all, codes } = await outputs(name.endsWith("environment") ? [...args, "--env", url] : args, more);
  expect(codes).toEqual([64, 64]);
  expect(all).not.toContain("s3cr3t");
  expect(all).toContain("[redacted]");
});

test("a password with a slash that is not encoded is not taken for the database's name", async () => {
  const { all, codes } = await outputs([
    ...["db", "orphans", "--tenant-model", "Tenant", "--tenant-column", "tenantId"],
    ...["--url", "postgresql://u:12/s3cr3t@h/db"],
  ]);
  expect(codes).toEqual([2, 2]);
  expect(all).toMatch(/the database URL can't be read/);
  expect(all).not.toContain("s3cr3t");
});
