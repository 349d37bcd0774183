import { describe, expect, test } from "vitest";
import { isLike } from "../../../src/indexes/usage/asked.js";
import { expectedBytes } from "../../../src/indexes/usage/bloat.js";
import { knownSince } from "../../../src/indexes/usage/creation.js";
import { coveredSpans, timeWithin, totalCounts } from "../../../src/indexes/usage/history.js";
import type { ServerReading } from "../../../src/indexes/usage/readings.js";

function reading(at: number, scans: number, more: Partial<ServerReading> = {}): ServerReading {
  return {
    version: 1,
    at,
    system: "1",
    node: "a:5432",
    database: "d",
    isStandby: false,
    countedSince: 0,
    from: 0,
    indexes: { "7": ["public.i", scans, scans * 2, scans] },
    ...more,
  };
}
const scans = (...readings: ServerReading[]) => totalCounts(readings).get("7")?.scans;

describe("scans are added up", () => {
  test.each([
    ["one count is its last reading", [reading(1, 5), reading(2, 9)], 9],
    ["kept twice it counts once", [reading(2, 9), reading(2, 9)], 9],
    ["another count since a reset comes on top", [reading(1, 5), reading(9, 2, { countedSince: 8 })], 7],
    ["a counter that went down was reset by itself", [reading(1, 5), reading(2, 1), reading(3, 4)], 9],
    ["twice", [reading(1, 5), reading(2, 1), reading(3, 4), reading(4, 0)], 9],
    ["two servers", [reading(1, 5), reading(1, 6, { node: "b:5432" })], 11],
    ["an old primary that is gone", [reading(1, 50), reading(9, 0, { node: "b:5432" })], 50],
    ["in whatever order they come", [reading(3, 4), reading(1, 5), reading(2, 1)], 9],
    ["an index that a reading lacks", [reading(1, 5), reading(2, 0, { indexes: {} })], 5],
  ])("%s", (_, readings, total) => {
    expect(scans(...readings)).toBe(total);
  });
});

describe("time that counters cover", () => {
  test("is without what was lost before a reset, and counts nothing twice", () => {
    const now = reading(100, 0, { countedSince: 60, from: 60 });
    expect(coveredSpans([reading(20, 0), reading(40, 0)], now)).toEqual([
      { from: 0, to: 40 },
      { from: 60, to: 100 },
    ]);
    expect(coveredSpans([reading(70, 0, { countedSince: 60, from: 60 })], now)).toEqual([
      { from: 60, to: 100 },
    ]);
  });

  test("is of one server in one role", () => {
    const now = reading(100, 0);
    expect(coveredSpans([reading(50, 0, { node: "b:1", from: -500 })], now)).toEqual([{ from: 0, to: 100 }]);
    expect(coveredSpans([reading(50, 0, { isStandby: true, from: -500 })], now)).toEqual([
      { from: 0, to: 100 },
    ]);
    // When it became the primary is not known: since its first reading as one.
    expect(coveredSpans([reading(50, 0, { from: null })], reading(100, 0, { from: null }))).toEqual([
      { from: 50, to: 100 },
    ]);
  });

  test("after a moment", () => {
    const spans = [
      { from: 0, to: 40 },
      { from: 60, to: 100 },
    ];
    expect([
      timeWithin(spans, 0),
      timeWithin(spans, 30),
      timeWithin(spans, 70),
      timeWithin(spans, 200),
    ]).toEqual([80, 50, 30, 0]);
  });
});

describe("since when an index is there", () => {
  const since = (creationAge: number | undefined, clock: { age: number; at: number }[]) =>
    knownSince({ id: "7", creationAge }, [], new Map(), clock);

  test("by rows that changed after it was made", () => {
    const clock = [
      { age: 10, at: 900 },
      { age: 50, at: 500 },
    ];
    expect(since(60, clock)).toBe(500);
    expect(since(30, clock)).toBe(900);
    // The same transaction (a restored database) proves nothing.
    expect(since(50, clock)).toBe(900);
    expect(since(10, clock)).toBeUndefined();
    expect(since(undefined, clock)).toBeUndefined();
    // Beyond what 32 bits tell.
    expect(since(60, [{ age: -5, at: 1 }])).toBeUndefined();
  });

  test("by a reading, or by its own transaction", () => {
    const index = { id: "7", creationAge: undefined };
    expect(knownSince(index, [reading(30, 0), reading(40, 0)], new Map([["7", 35]]), [])).toBe(30);
    expect(knownSince({ ...index, id: "8" }, [reading(30, 0)], new Map([["8", 35]]), [])).toBe(35);
  });
});

test("names are matched as SQL's LIKE does, without regard to case", () => {
  const names = ["assets_tenantId_idx", "assets_pkey", "TENANT"];
  const matching = (pattern: string) => names.filter((name) => isLike(name, pattern));
  expect(matching("tenant")).toEqual(["assets_tenantId_idx", "TENANT"]);
  expect(matching("%_idx")).toEqual(["assets_tenantId_idx"]);
  expect(matching("assets%key")).toEqual(["assets_pkey"]);
  expect(matching("(")).toEqual([]);
});

test("a B-tree's bytes by its rows: within a tenth of what PostgreSQL takes", () => {
  // create index on t (u): 100,000 random uuids, sorted: 3,104 kB measured on PostgreSQL 18.
  const uuids = expectedBytes(100_000, { bytes: 16, nullShare: 0 }, null);
  expect(uuids / 1024).toBeGreaterThan(3_104 * 0.9);
  expect(uuids / 1024).toBeLessThan(3_104 * 1.1);
});
