export type Side = "baseline" | "candidate";

/** What is sent, how hard, and when. Times are milliseconds. */
export interface LoadPlan {
  readonly connections: number;
  readonly rate: number | undefined;
  readonly order: readonly Side[];
  readonly blockMs: number;
  /** At the start of each block, not measured; four times as long the first time that a side is loaded. */
  readonly warmupMs: number;
}

/**
 * The order of blocks: pairs in turn as they begin with one side and the other (ABBA), so that what grows
 * steadily hits both alike; which side begins is left to chance.
 */
export function orderOf(pairs: number, beginsWithCandidate: boolean): Side[] {
  return Array.from({ length: pairs }, (_, index) => {
    const isCandidateFirst = (index % 2 === 0) === beginsWithCandidate;
    return isCandidateFirst ? (["candidate", "baseline"] as const) : (["baseline", "candidate"] as const);
  }).flat();
}

const firstWarmups = 4;

/** The warm-up before a block, in milliseconds. */
export function warmupBefore({ order, warmupMs }: LoadPlan, block: number): number {
  return order.indexOf(order[block]!) === block ? firstWarmups * warmupMs : warmupMs;
}

/** The whole, without what switching takes, in milliseconds. */
export function lengthOf(plan: LoadPlan): number {
  return plan.order.reduce((sum, _, block) => sum + warmupBefore(plan, block) + plan.blockMs, 0);
}

/** `bccb bccb`: the order at a glance. */
export function orderWords(order: readonly Side[]): string {
  return order.map((side) => side[0]).join("");
}
