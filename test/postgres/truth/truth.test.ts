import fc from "fast-check";
import { expect, inject, it } from "vitest";
import { buildCase } from "./case.js";
import { compare } from "./compare.js";
import { plans } from "./plan.js";
import { runCase } from "./run.js";

const seed = Number(process.env.TRUTH_SEED ?? 1);
const runs = Number(process.env.TRUTH_RUNS ?? 20);
it("dev", { timeout: 1e7 }, async () => {
  const sampled = fc.sample(plans, { seed, numRuns: runs });
  let bad = 0;
  const only = process.env.TRUTH_ONLY === undefined ? undefined : Number(process.env.TRUTH_ONLY);
  const counts = new Map<string, number>();
  const groups = new Map<string, number[]>();
  let next = 0;
  const work = async () => {
    for (;;) {
      const index = next++;
      if (index >= sampled.length) return;
      if (only !== undefined && index !== only) continue;
      try {
        const each = buildCase(sampled[index]!, 180000);
        for (const e of each.expected) counts.set(e.rule, (counts.get(e.rule) ?? 0) + 1);
        const dump = () => {
          for (const [k, v] of Object.entries(each.files)) console.log(`--- ${k}\n${v}`);
          console.log(each.script.main, JSON.stringify(each.script.afterwards), JSON.stringify(each.application.style));
        };
        if (only !== undefined) dump();
        const outcome = await runCase(each);
        const difference = compare(each.expected, outcome.findings);
        const problems = [
          ...difference.missing.map((m) => `missing ${m}`),
          ...difference.extra.map((m) => `extra ${m}`),
          ...(outcome.report.error ? [`error ${outcome.report.error.message.slice(0, 500)}`] : []),
          ...outcome.report.checks.filter((c) => c.reason).map((c) => `reason ${c.status} ${c.reason}`),
        ];
        if (problems.length) {
          bad++;
          const k = problems[0]!.slice(0, 45);
          groups.set(k, [...(groups.get(k) ?? []), index]);
          console.log(`#${index} ${problems.join("\n   ")}`);
        }
      } catch (error) {
        bad++;
        const e = error as Error;
        const k = `THROW ${e.message.slice(0, 60)}`;
        groups.set(k, [...(groups.get(k) ?? []), index]);
        console.log(`#${index} THROW ${e.message} ${(e as {detail?: string}).detail ?? ""} ${e.stack?.split("\n").slice(1, 5).join("|")}`);
      }
    }
  };
  const t = performance.now();
  await Promise.all([work(), work(), work()]);
  console.log(counts, groups, bad, "of", runs, (performance.now() - t) / runs, "ms each");
  expect(bad).toBe(0);
  void inject;
});
