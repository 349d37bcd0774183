import { expect, test } from "vitest";
import type { IndexDefinition } from "../../../src/indexes/index.js";
import { planQueues, runQueues } from "../../../src/indexes/queue.js";

const on = (table: string, name: string, more: Partial<IndexDefinition> = {}): IndexDefinition => ({
  ...{ schema: "public", table, name, columns: [{ column: "a" }], ...more },
});
const sizes: Readonly<Record<string, number>> = { small: 1, large: 100, middle: 10 };
const bytesOf = ({ table }: IndexDefinition) => sizes[table]!;
const names = (waves: ReturnType<typeof planQueues>) =>
  waves.map((wave) => wave.map(({ items }) => items.map(({ name }) => name)));

test("a queue a table, the largest work first, in the order asked for", () => {
  const waves = planQueues(
    [on("small", "s1"), on("large", "l1"), on("middle", "m1"), on("small", "s2"), on("large", "l2")],
    bytesOf,
  );
  expect(names(waves)).toEqual([[["l1", "l2"], ["m1"], ["s1", "s2"]]]);
});

test("indexes with an expression or a predicate come after all others", () => {
  const waves = planQueues(
    [
      on("large", "partial", { where: "a > 0" }),
      on("large", "plain"),
      on("small", "expression", { columns: [{ expression: "lower(a)" }] }),
    ],
    bytesOf,
  );
  expect(names(waves)).toEqual([[["plain"]], [["partial"], ["expression"]]]);
});

test("no two of one table at once, no more lanes than jobs, no wave before the last one's end", async () => {
  const items = ["large", "large", "small", "small", "middle"].map((table, number) => on(table, `${number}`));
  const waves = planQueues([...items, on("large", "late", { where: "true" })], bytesOf);
  const running = new Set<string>();
  let most = 0;
  const order: string[] = [];
  await runQueues(waves, 2, async ({ table, name }) => {
    expect(running.has(table)).toBe(false);
    running.add(table);
    most = Math.max(most, running.size);
    await new Promise((done) => setTimeout(done, 5));
    running.delete(table);
    order.push(name);
  });
  expect(most).toBe(2);
  expect(order).toHaveLength(6);
  expect(order.at(-1)).toBe("late");
});
