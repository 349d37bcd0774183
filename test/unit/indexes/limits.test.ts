import { expect, test } from "vitest";
import { brokenLimit, type Reading, secondsBehind } from "../../../src/indexes/limits.js";

const reading = (
  time: number,
  wal: number,
  replayed?: number | null,
  seconds: number | null = 0,
): Reading => ({
  time,
  wal,
  replicas: replayed === undefined ? [] : [{ name: "replica", replayed, seconds }],
});

test("log that was written from the run's beginning", () => {
  const readings = [reading(0, 1000), reading(1, 1500), reading(2, 2001)];
  expect(brokenLimit({ maxWal: 1000 }, readings)).toMatchObject({ kind: "wal" });
  expect(brokenLimit({ maxWal: 1001 }, readings)).toBeUndefined();
});

test("free disk, where it is known", () => {
  const low = { ...reading(0, 0), freeDisk: 99 };
  expect(brokenLimit({ minFreeDisk: 100 }, [low])).toMatchObject({ kind: "disk" });
  expect(brokenLimit({ minFreeDisk: 99 }, [low])).toBeUndefined();
  expect(brokenLimit({ minFreeDisk: 100 }, [reading(0, 0)])).toBeUndefined();
});

test("a replica behind by bytes", () => {
  expect(brokenLimit({ maxLag: { bytes: 100 } }, [reading(0, 1000, 899)])).toMatchObject({ kind: "lag" });
  expect(brokenLimit({ maxLag: { bytes: 100 } }, [reading(0, 1000, 900)])).toBeUndefined();
});

test("a replica that stands still is behind from the moment the log went on, whatever the server says", () => {
  const readings = [reading(0, 100, 100), reading(10, 200, 100), reading(25, 300, 100)];
  expect(secondsBehind(readings[2]!.replicas[0]!, readings)).toBe(15);
  expect(brokenLimit({ maxLag: { seconds: 14 } }, readings)).toMatchObject({ kind: "lag" });
  expect(brokenLimit({ maxLag: { seconds: 15 } }, readings)).toBeUndefined();
});

test("the server's own lag counts where it is larger", () => {
  expect(secondsBehind({ name: "r", replayed: 300, seconds: 40 }, [reading(0, 300, 300)])).toBe(40);
});
