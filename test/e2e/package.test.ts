import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/cli.js";
import { createExampleDatabase } from "../support/example.js";
import { project } from "../support/project.js";

/** npm, whatever it was started by; `--ignore-scripts` and no network. */
function npm(args: string[], cwd: string) {
  const script = process.env.npm_execpath;
  const [command, words] = script ? [process.execPath, [script, ...args]] : ["npm", args];
  return spawnSync(command, words, { cwd, encoding: "utf8", env: { ...process.env, NODE_ENV: "test" } });
}

test("the packed package holds what it needs, and nothing else", async () => {
  const folder = project({});
  const packed = npm(["pack", "--ignore-scripts", "--pack-destination", folder, "--json"], root);
  expect(packed.status, packed.stderr).toBe(0);
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  expect(spawnSync("tar", ["-xzf", archive], { cwd: folder }).status).toBe(0);
  const unpacked = join(folder, "package");
  const top = readdirSync(unpacked).sort();
  expect(top).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "bin",
    "dist",
    "docs",
    "examples",
    "package.json",
    "sql",
  ]);
  expect(readdirSync(join(unpacked, "examples", "divanco")).sort()).toEqual([
    "README.md",
    "prisma",
    "src",
    "tenantctl.config.ts",
  ]);

  // Installed, its dependencies stand beside it.
  mkdirSync(join(folder, "global", "node_modules"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(unpacked, "node_modules"));
  const run = (args: string[], env = {}) =>
    spawnSync(process.execPath, [join(unpacked, "bin", "tenantctl.js"), ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, ...env },
    });
  expect(run(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(run(["explain", "db/orphan-rows"]).stdout).toMatch(/^# db\/orphan-rows/);

  const example = await createExampleDatabase();
  const schema = join(unpacked, "examples", "divanco", "prisma", "schema.prisma");
  const audit = run(["audit", "--schema", schema, "--json"], { DATABASE_URL: example.url });
  expect(audit.status, audit.stderr).toBe(1);
  expect(JSON.parse(audit.stdout).summary.error).toBeGreaterThan(5);
  await example.drop();
});

test("the demo runs from the package: audit, report, exit 0", () => {
  const folder = project({});
  const demo = spawnSync(process.execPath, [join(root, "bin", "tenantctl.js"), "demo"], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  expect(demo.status, demo.stderr).toBe(0);
  expect(demo.stderr).toMatch(/demo: starting an embedded PostgreSQL[\s\S]*demo: seeding/);
  expect(demo.stdout).toMatch(/FAIL {2}9 errors, 5 warnings/);
  const [last] = demo.stdout.trimEnd().split("\n").slice(-1);
  expect(last).toBe(join(folder, ".tenantctl", "demo-report.html"));
}, 120_000);
