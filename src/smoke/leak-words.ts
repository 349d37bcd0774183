import type { Leak } from "./results.js";

const verbs = { seen: "sees", changed: "changes", bled: "is answered" } as const;

/** `b sees what a made: GET /api/v1/assets/{asset}` */
export function sentenceOf({ kind, other, owner, route }: Leak): string {
  return `${other} ${verbs[kind]} what ${owner} made: ${route}`;
}

/** Many leaks by one route in one way, in words: every pair of tenants, or each by name. */
export function pairsOf(leaks: readonly Leak[], tenants: number): string {
  const [first] = leaks;
  const verb = verbs[first!.kind];
  const pairs = [...new Set(leaks.map(({ other, owner }) => `${other} ${verb} what ${owner} made`))];
  return pairs.length > 2 && pairs.length === tenants * (tenants - 1)
    ? `every tenant ${verb} what the others made`
    : pairs.join(", ");
}
