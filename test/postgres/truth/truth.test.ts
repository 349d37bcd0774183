import { randomInt } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../../support/database.js";
import { auditRules } from "./audit-rules.js";
import { buildCase, without } from "./case.js";
import { explainFailure } from "./explain.js";
import { judge } from "./judge.js";
import { plans } from "./plan.js";
import { inParallel } from "./pool.js";
import { runCase } from "./run.js";
import { type Run, tally } from "./tally.js";

/**
 * Random applications with planted faults, audited by the real executable on real databases. What is planted
 * is known exactly; all of it has to be found, and nothing else.
 *
 * `TRUTH_SEED` gives another run (`random` any), `TRUTH_RUNS` makes it longer, `TRUTH_PATH` looks at one case
 * of it. The usual seed is fixed, so that a failure is the change's and not the dice's.
 */
const usualSeed = 20_261_123;
const seed =
  process.env.TRUTH_SEED === "random" ? randomInt(2 ** 31 - 1) : Number(process.env.TRUTH_SEED || usualSeed);
const path = process.env.TRUTH_PATH ?? "";
const count = path ? 1 : Number(process.env.TRUTH_RUNS || 200);
/** The executable and PostgreSQL share the machine's cores: one more than two keeps both busy. */
const atOnce = 3;
/** Plantings of each rule that a run has to have; fewer in a short one. */
const least = Math.min(3, Math.floor(count / 60));

describe(`truth: ${count} applications, TRUTH_SEED=${seed}`, () => {
  let runs: Run[] = [];
  let serverVersion = 0;

  beforeAll(async () => {
    serverVersion = await readServerVersion();
    const sampled = fc.sample(plans, { seed, path, numRuns: count });
    runs = await inParallel(sampled, atOnce, async (plan, index) => {
      const each = buildCase(plan, serverVersion);
      const outcome = await runCase(each).catch((error: Error) => {
        throw new Error(`TRUTH_SEED=${seed} TRUTH_PATH=${path || index}: ${error.message}`, { cause: error });
      });
      return { each, outcome, problems: judge(each, outcome) };
    });
  }, 3_600_000);

  afterAll(() => {
    if (runs.length === 0) return;
    const unsure = runs.filter(({ outcome }) => outcome.wasUnsure).length;
    const sound = runs.filter(({ each }) => each.expected.length === 0).length;
    console.table(tally(runs, auditRules));
    console.log(
      `TRUTH_SEED=${seed}: ${count} applications, ${sound} sound; the tenant was unclear in ${unsure}`,
    );
  });

  it("finds every planted fault with its exact count, and nothing else", { timeout: 300_000 }, async () => {
    const failed = runs.flatMap(({ problems }, index) => (problems.length ? [{ problems, index }] : []));
    if (failed.length === 0) return;
    const list = failed.map(({ problems, index }) => `#${path || index} ${problems.join("\n   ")}`);
    const first = await explainFailure(seed, path || String(failed[0]!.index), serverVersion);
    expect.fail(
      `${failed.length} of ${count} applications are judged wrong:\n${list.slice(0, 40).join("\n")}\n\nThe first, shrunk:\n${first}`,
    );
  });

  it("audits sound applications too, and passes them", () => {
    const sound = runs.filter(({ each }) => each.expected.length === 0);
    if (!path) expect(sound.length).toBeGreaterThanOrEqual(Math.floor(count / 10));
    expect(sound.filter(({ outcome }) => outcome.code !== 0).length).toBe(0);
  });

  it(`plants every rule at least ${least} times`, () => {
    const rare = tally(runs, auditRules).filter(({ planted }) => planted < least);
    expect(rare).toEqual([]);
  });

  it.each(auditRules)("would fail with %s switched off", { timeout: 60_000 }, async (rule) => {
    const run = runs.find(
      ({ each, problems }) =>
        problems.length === 0 && each.expected.some((expected) => expected.rule === rule),
    );
    if (least === 0 && !run) return;
    expect(run, `no application in which ${rule} was planted is judged right`).toBeDefined();
    const each = without(run!.each, rule);
    const problems = judge(each, await runCase(each));
    expect(problems.some((problem) => problem.startsWith(`planted and not found: ${rule}`))).toBe(true);
  });
});

async function readServerVersion(): Promise<number> {
  const database = await createDatabase();
  const [row] = await database.query<{ version: string }>(
    "select current_setting('server_version_num') as version",
  );
  await database.drop();
  return Number(row!.version);
}
