/**
 * `npm test`: makes sure that what it needs is there, then lints, checks types and runs every test. Words
 * after `--` go to vitest: `npm test -- test/unit`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";
import { ensurePrograms, programs } from "./system-packages.mjs";

const [, , ...args] = process.argv;
prepare();
ensurePrograms(Object.keys(programs));

const isWhole = args.length === 0;
const steps = isWhole
  ? [
      ["lint and format (biome)", ["@biomejs/biome/bin/biome", "check", "."]],
      ["types of the tests (tsc)", ["typescript/bin/tsc", "-p", "test"]],
    ]
  : [];
for (const [title, [program, ...words]] of steps) {
  process.stderr.write(`test: ${title}\n`);
  const { status } = run([join("node_modules", program), ...words]);
  if (status !== 0) process.exit(status ?? 2);
}

const folder = mkdtempSync(join(tmpdir(), "tenantctl-test-results-"));
const results = join(folder, "results.json");
try {
  const vitest = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`, ...args];
  const { status } = run([join("node_modules", "vitest", "vitest.mjs"), ...vitest]);
  process.exitCode = status ?? 2;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(results, "utf8"),
  );
  process.stdout.write(
    `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(words) {
  // NODE_ENV=production in the caller's shell must not change what the tests see.
  const env = { ...process.env, NODE_ENV: "test" };
  return spawnSync(process.execPath, words, { cwd: root, stdio: "inherit", env });
}
