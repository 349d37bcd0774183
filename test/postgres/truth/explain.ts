import fc from "fast-check";
import { buildCase, type Case } from "./case.js";
import { judge } from "./judge.js";
import { plans } from "./plan.js";
import { runCase } from "./run.js";

/** Shrinking ends then, with the smallest case so far; in milliseconds. */
const shrinkingTime = 45_000;

/** How to look at one failed case again, with all of it written out, as small as could be had in the time. */
export async function explainFailure(seed: number, path: string, serverVersion: number): Promise<string> {
  const property = fc.asyncProperty(plans, async (plan) => {
    const each = buildCase(plan, serverVersion);
    const problems = judge(each, await runCase(each));
    if (problems.length > 0) throw new Error(problems.join("\n"));
  });
  const details = await fc.check(property, {
    seed,
    path,
    numRuns: 1,
    interruptAfterTimeLimit: shrinkingTime,
  });
  const [plan] = details.counterexample ?? [];
  if (!plan) return "It did not fail a second time.";
  const each = buildCase(plan, serverVersion);
  const problems = judge(each, await runCase(each));
  return [
    `Again: TRUTH_SEED=${seed} TRUTH_PATH=${details.counterexamplePath} npm test -- test/postgres/truth`,
    ...problems,
    "",
    write(each),
  ].join("\n");
}

function write({ files, script, application }: Case): string {
  const { style, tenant, tenantFieldName } = application;
  const parts = { ...files, "database.sql": script.main };
  return [
    `tenant ${tenant.name} by ${tenantFieldName}; ${JSON.stringify(style)}`,
    ...Object.entries(parts).map(([path, text]) => `--- ${path}\n${text}`),
    ...script.afterwards.map(({ sql }) => sql),
  ].join("\n");
}
