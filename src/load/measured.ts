import type { LatencyHistogram } from "./histogram.js";
import type { Side } from "./plan.js";

/** One block as it was measured. */
export interface MeasuredBlock {
  readonly side: Side;
  /** Answers with 2xx, and requests that ran into the timeout. */
  readonly latencies: LatencyHistogram;
  readonly answered: number;
  readonly errors: number;
  readonly errorsBy: Readonly<Record<string, number>>;
  /** Requests that were due at a fixed rate and could not be sent. */
  readonly unsent: number;
  /** P99 of how late the generator's timers were, in milliseconds. */
  readonly lag: number;
}

export function blocksOf(blocks: readonly MeasuredBlock[], side: Side): MeasuredBlock[] {
  return blocks.filter((block) => block.side === side);
}

export function latenciesOf(blocks: readonly MeasuredBlock[], side: Side): LatencyHistogram[] {
  return blocksOf(blocks, side).map(({ latencies }) => latencies);
}

/** Answers and errors together. */
export function requestsOf({ answered, errors }: MeasuredBlock): number {
  return answered + errors;
}

export function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
