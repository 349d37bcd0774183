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

/** What goes before the first block and is not counted: one block of the baseline, in milliseconds. */
export function rehearsalOf({ warmupMs, blockMs }: LoadPlan): number {
  return warmupMs + blockMs;
}

/** What is measured, both sides together, in milliseconds. */
export function measuredOf({ order, blockMs }: LoadPlan): number {
  return order.length * blockMs;
}

/** From the first request to the end of a block, or of all, without what switching takes; in milliseconds. */
export function lengthOf(plan: LoadPlan, blocks = plan.order.length): number {
  const warmups = plan.order.slice(0, blocks).reduce((sum, _, block) => sum + warmupBefore(plan, block), 0);
  return rehearsalOf(plan) + warmups + blocks * plan.blockMs;
}

/** `39.6 s in all: 30.0 s measured, 9.6 s of warm-ups and a trial block` */
export function lengthWords(plan: LoadPlan): string {
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;
  const [all, measured] = [lengthOf(plan), measuredOf(plan)];
  return `${seconds(all)} in all: ${seconds(measured)} measured, ${seconds(all - measured)} of warm-ups and a trial block`;
}

/** `bccb bccb`: the order at a glance. */
export function orderWords(order: readonly Side[]): string {
  return order.map((side) => side[0]).join("");
}
