import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../support/cli.js";
import { createExampleDatabase } from "../support/example.js";
import { project } from "../support/project.js";

let example: Awaited<ReturnType<typeof createExampleDatabase>>;
beforeAll(async () => {
  example = await createExampleDatabase();
});
afterAll(() => example.drop());

test("examples/ci: passes with the baseline, and fails with exactly the model that a pull request forgot", async () => {
  const kept = join(project({}), "results");
  const child = spawn(join(root, "examples/ci/try.sh"), [], {
    env: { ...process.env, DATABASE_URL: example.url, KEEP: kept },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code, output).toBe(1);
  expect(output).toMatch(/✅ tenantctl audit: pass[\s\S]*❌ tenantctl audit: fail/);
  const sarif = JSON.parse(readFileSync(join(kept, "audit.sarif"), "utf8")) as {
    runs: { results: { ruleId: string; suppressions?: unknown; message: { text: string } }[] }[];
  };
  const open = sarif.runs[0]!.results.filter(({ suppressions }) => suppressions === undefined);
  expect(open).toMatchObject([
    {
      ruleId: "registry/unregistered-model",
      message: { text: expect.stringMatching(/^DamageReport is in no category/) },
    },
  ]);
  const junit = readFileSync(join(kept, "audit.junit.xml"), "utf8");
  expect(junit.match(/<failure /g)).toHaveLength(1);
  expect(existsSync(join(root, "examples/divanco/tenantctl-baseline.json"))).toBe(false);
}, 120_000);
