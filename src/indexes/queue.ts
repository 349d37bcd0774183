import type { IndexDefinition } from "./definition.js";

/** What is built after one another: two builds on one table would wait for each other. */
export interface TableQueue<Item extends IndexDefinition> {
  readonly items: readonly Item[];
}

/**
 * In which order tables are worked at: one queue a table, the largest first, so that a long build does not
 * begin last. Builds of an index with an expression or a predicate come in a wave of their own after all
 * others, since a build waits for every older snapshot, and only plain builds are exempt (PostgreSQL 14 and later).
 *
 * @param bytesOf size of a definition's table
 */
export function planQueues<Item extends IndexDefinition>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
): TableQueue<Item>[][] {
  const plain = items.filter((item) => !hasCode(item));
  const coded = items.filter(hasCode);
  return [plain, coded].filter((wave) => wave.length > 0).map((wave) => queuesOf(wave, bytesOf));
}

/** An expression or a predicate may look at other tables, so the server lets other builds wait for it. */
export function hasCode({ columns, where }: IndexDefinition): boolean {
  return where !== undefined || columns.some(({ expression }) => expression !== undefined);
}

function queuesOf<Item extends IndexDefinition>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
): TableQueue<Item>[] {
  const byTable = new Map<string, Item[]>();
  for (const item of items) {
    const key = JSON.stringify([item.schema, item.table]);
    const queue = byTable.get(key);
    if (queue) queue.push(item);
    else byTable.set(key, [item]);
  }
  const work = (queue: readonly Item[]) => queue.reduce((sum, item) => sum + bytesOf(item), 0);
  return [...byTable.values()]
    .sort((left, right) => work(right) - work(left))
    .map((queue) => ({ items: queue }));
}

/**
 * Works through the waves: in each, up to `jobs` queues at once, whoever is free takes the next.
 *
 * @param work does one item on a worker, numbered from 0; it must not throw
 */
export async function runQueues<Item extends IndexDefinition>(
  waves: readonly TableQueue<Item>[][],
  jobs: number,
  work: (item: Item, worker: number) => Promise<void>,
): Promise<void> {
  for (const wave of waves) {
    const waiting = [...wave];
    const lane = async (worker: number) => {
      for (let queue = waiting.shift(); queue; queue = waiting.shift())
        for (const item of queue.items) await work(item, worker);
    };
    await Promise.all(Array.from({ length: Math.min(jobs, wave.length) }, (_, worker) => lane(worker)));
  }
}
