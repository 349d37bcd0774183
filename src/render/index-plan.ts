import type { IndexPlanFacts, ProposedIndex } from "../findings/index-plan.js";
import type { CheckResult } from "../findings/report.js";
import { count, duration, grouped, size } from "./words.js";

/** Facts of an index plan check; undefined for every other check. */
export function indexPlanOf({ id, facts }: CheckResult): IndexPlanFacts | undefined {
  return id === "index-plan" && Array.isArray(facts.proposals)
    ? (facts as unknown as IndexPlanFacts)
    : undefined;
}

/** What a reader has to know of a proposal, a line each: why, how large, what the planner says, what goes. */
export function remarksOf(proposal: ProposedIndex): string[] {
  const { reasons, rows, estimatedBytes, estimatedSeconds, basis, doubt, replaces } = proposal;
  const figures = [
    rows === null ? "" : `${count(rows, "row")}`,
    estimatedBytes === null ? "" : `about ${size(estimatedBytes)}`,
    estimatedSeconds === null ? "" : `about ${duration(estimatedSeconds * 1000)} to build`,
  ].filter(Boolean);
  return [
    ...reasons.map((reason) => `for: ${reason}`),
    figures.length === 3 ? figures.join(", ") : [...figures, basis].join(", "),
    ...costLines(proposal),
    ...(doubt === null ? [] : [`not proved: ${doubt}`]),
    ...(replaces.length ? [`drop then, it has no work left: ${replaces.join(", ")}`] : []),
  ];
}

function costLines({ costs }: ProposedIndex): string[] {
  return costs
    .filter(({ isUsed }) => isUsed)
    .map(({ before, after, query }) => {
      const [from, to] = [before, after].map((cost) => grouped(Math.round(cost * 10) / 10));
      return `planner's cost ${from}, with it ${to}: ${query}`;
    });
}

/** What was not looked at, or is not proposed. */
export function leftOutOf({ notProposed }: IndexPlanFacts): string[] {
  return notProposed.map(({ what, why }) => `left out: ${what}: ${why}`);
}

/** A proposal in a row: its index, its table, what it costs and saves. */
export function planTable(proposals: readonly ProposedIndex[]): {
  head: readonly string[];
  rows: readonly (readonly string[])[];
} {
  return {
    head: ["Index", "Table", "Rows", "Size", "Cost", "With it"],
    rows: proposals.map(({ index, table, rows, estimatedBytes, costs }) => {
      const best = costs.find(({ isUsed }) => isUsed);
      return [
        index,
        table,
        rows === null ? "–" : grouped(rows),
        estimatedBytes === null ? "–" : size(estimatedBytes),
        best ? grouped(Math.round(best.before)) : "–",
        best ? grouped(Math.round(best.after)) : "–",
      ];
    }),
  };
}
