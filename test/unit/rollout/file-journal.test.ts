import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFileState } from "../../../src/rollout/journal/file.js";
import { LostLockError } from "../../../src/rollout/lock/errors.js";
import { project } from "../../support/project.js";
import { note, takeFence, writer } from "../../support/rollout.js";

async function threeEntries() {
  const folder = project({});
  const own = writer();
  const state = openFileState(folder, own);
  await takeFence(state, 1);
  for (const text of ["one", "two", "three"]) await state.journal.append(note(text), 1);
  const path = join(folder, "rollout", "journal.jsonl");
  const lines = () => readFileSync(path, "utf8").trimEnd().split("\n");
  const rewrite = (texts: string[]) => writeFileSync(path, `${texts.join("\n")}\n`);
  return { folder, own, state, path, lines, rewrite, read: () => openFileState(folder, own).journal.read() };
}

const textsOf = (reading: { entries: readonly { data?: unknown }[] }) =>
  reading.entries.map(({ data }) => (data as { text: string }).text);

test("a journal that was never written is empty, and nothing is made by reading it", async () => {
  const folder = project({});
  const reading = await openFileState(folder, writer()).journal.read();
  expect(reading).toMatchObject({ entries: [], isCut: false, strays: 0 });
  expect(() => readFileSync(join(folder, "rollout"))).toThrow(/ENOENT/);
});

test("entries are numbered, stamped and read back by the next process with the same root", async () => {
  const { read, state } = await threeEntries();
  const reading = await read();
  expect(reading.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(reading.entries[0]).toMatchObject({ actor: "ana@ops1", fence: 1, at: "2026-11-24T10:00:00.000Z" });
  expect(reading.root).toBe((await state.journal.read()).root);
  expect(reading.change).toBeUndefined();
});

test("a line that was cut is seen, and the next one stands for itself", async () => {
  const { path, lines, read, state, rewrite } = await threeEntries();
  writeFileSync(path, readFileSync(path, "utf8").slice(0, -30));
  expect(await read()).toMatchObject({ isCut: true, entries: { length: 2 } });
  await state.journal.append(note("again"), 1);
  expect(textsOf(await read())).toEqual(["one", "two", "again"]);
  expect((await read()).isCut).toBe(false);
  rewrite(lines());
  expect((await read()).change).toBeUndefined();
});

test.each([
  ["changed", (lines: string[]) => [lines[0]!, lines[1]!.replace('"two"', '"2"'), lines[2]!], 2],
  ["taken out", (lines: string[]) => [lines[0]!, lines[2]!], 2],
  ["swapped", (lines: string[]) => [lines[1]!, lines[0]!, lines[2]!], 1],
  ["made unreadable", (lines: string[]) => ["garbage", lines[1]!, lines[2]!], 1],
  [
    "renumbered",
    (lines: string[]) => [lines[0]!, lines[1]!.replace('"sequence":2', '"sequence":1'), lines[2]!],
    2,
  ],
])("an entry that was %s is seen, and nothing is added to such a journal", async (_, change, sequence) => {
  const { lines, rewrite, read, folder, own } = await threeEntries();
  rewrite(change(lines()));
  const reading = await read();
  expect(reading.change?.sequence).toBe(sequence);
  expect(reading.entries).toHaveLength(sequence - 1);
  const attempt = openFileState(folder, own).journal.append(note("four"), 1);
  await expect(attempt).rejects.toThrow(/was changed after it was written/);
});

test("a clock that is set back changes no order, and both times are kept", async () => {
  const { own, state } = await threeEntries();
  own.set("2026-11-24T09:00:00.000Z");
  const late = await state.journal.append(note("four"), 1);
  expect(late).toMatchObject({ at: "2026-11-24T10:00:00.000Z", clock: "2026-11-24T09:00:00.000Z" });
  own.set("2026-11-24T10:00:01.000Z");
  const after = await state.journal.append(note("five"), 1);
  expect(after).toMatchObject({ sequence: 5, at: "2026-11-24T10:00:01.000Z" });
  expect(after).not.toHaveProperty("clock");
});

test("who has lost the lock can't write any more", async () => {
  const { folder, own, state, read } = await threeEntries();
  const other = openFileState(folder, { ...own, actor: "ben@ops2" });
  expect(await takeFence(other, 1)).toBe(false);
  expect(await takeFence(other, 2, "ben@ops2")).toBe(true);
  await expect(state.journal.append(note("late"), 1)).rejects.toThrow(LostLockError);
  await expect(state.journal.append(note("late"), 1)).rejects.toThrow(/was taken by ben@ops2/);
  await other.journal.append(note("mine"), 2);
  expect(textsOf(await read())).toEqual(["one", "two", "three", "mine"]);
});

test("a line that a slow holder still wrote does not count", async () => {
  const { path, lines, folder, own, read } = await threeEntries();
  const [, , third] = lines();
  const other = openFileState(folder, own);
  await takeFence(other, 2);
  await other.journal.append(note("mine"), 2);
  // As if its write had been under way when the lock was taken.
  appendFileSync(path, `${third}\n`);
  await other.journal.append(note("mine too"), 2);
  const reading = await read();
  expect(textsOf(reading)).toEqual(["one", "two", "three", "mine", "mine too"]);
  expect(reading).toMatchObject({ strays: 1 });
  expect(reading.change).toBeUndefined();
});

test("what is written is cleaned of secrets, and dates and gaps come back as they are hashed", async () => {
  const folder = project({});
  const own = {
    ...writer(),
    clean: <V>(value: V) => JSON.parse(JSON.stringify(value).replaceAll("hunter2", "[redacted]")) as V,
  };
  const state = openFileState(folder, own);
  await takeFence(state, 1);
  await state.journal.append(
    { ...note("x"), data: { url: "postgres://u:hunter2@h/d", gap: undefined, 10: "ten", a: -0 } },
    1,
  );
  const reading = await openFileState(folder, own).journal.read();
  expect(reading.change).toBeUndefined();
  expect(reading.entries[0]!.data).toEqual({ url: "postgres://u:[redacted]@h/d", 10: "ten", a: 0 });
});
