import { expect, test } from "vitest";
import { foundAt } from "../../../src/isolation/place.js";
import { unmetBy, unmetStatus } from "../../../src/smoke/expectations.js";
import { markOf } from "../../../src/smoke/judge.js";
import { parsedDuration, parsedExpectations, parsedStatus } from "../../../src/smoke/notation.js";
import { answered } from "../../support/exchanges.js";

const answer = answered(
  {
    status: "RENTED",
    total: "12.50",
    none: null,
    "a/b": { "m~n": 1 },
    items: [
      { id: 1, tenantId: "t" },
      { id: 2, tenantId: "t" },
    ],
  },
  { headers: { etag: '"1"' } },
);
const values = new Map<string, unknown>([["id", 2]]);
const unmet = (place: string, wanted: unknown) =>
  unmetBy(answer, parsedExpectations({ [place]: wanted }), values);

test.each<[string, unknown]>([
  ["status", "RENTED"],
  ["/items/1/id", 2],
  ["/items/1/id", "{id}"],
  ["/a~1b/m~0n", 1],
  ["none", null],
  ["status", { not: "OPEN" }],
  ["none", { exists: true }],
  ["nothing", { absent: true }],
  ["/items/2", { absent: true }],
  ["items", { contains: { id: "{id}" } }],
  ["items", { lacks: { id: 3 } }],
  ["items", { length: 2 }],
  ["items", { every: { tenantId: "t" } }],
  ["status", { contains: "ENT", matches: "^R.+D$" }],
  ["total", { atLeast: 12.5, atMost: 13 }],
  ["header:ETag", '"1"'],
  ["header:X-None", { absent: true }],
])("%s as %j is met", (place, wanted) => {
  expect(unmet(place, wanted)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["status", "OPEN", '"RENTED"'],
  ["/items/1/id", "2", "2"],
  ["nothing", "x", "nothing"],
  ["nothing", { not: "x" }, "nothing"],
  ["nothing", { lacks: "x" }, "nothing"],
  ["nothing", { exists: true }, "nothing"],
  ["status", { absent: true }, '"RENTED"'],
  ["items", { contains: { id: 3 } }, expect.stringMatching(/^\[/)],
  ["items", { lacks: { id: 2 } }, expect.stringMatching(/^\[/)],
  ["total", { lacks: "12" }, '"12.50"'],
  ["none", { lacks: "x" }, "null"],
  ["items", { length: 3 }, expect.stringMatching(/^\[/)],
  ["items", { every: { tenantId: "u" } }, expect.stringMatching(/^\[/)],
  ["status", { matches: "^E" }, '"RENTED"'],
  ["total", { atLeast: 13 }, '"12.50"'],
  ["status", { atLeast: 0 }, '"RENTED"'],
])("%s as %j is not met", (place, wanted, actual) => {
  expect(unmet(place, wanted)).toEqual([{ place, expected: expect.any(String), actual }]);
});

test("a list without rows has not every row as it should be: that would be no test", () => {
  const empty = answered({ items: [] });
  expect(unmetBy(empty, parsedExpectations({ items: { every: { tenantId: "t" } } }), values)).toHaveLength(1);
});

test("of an answer that is no JSON no value is known, its headers are", () => {
  const text = answered("<p>", { headers: { etag: "x" } });
  expect(unmetBy(text, parsedExpectations({ status: { absent: true } }), values)[0]?.actual).toBe("no JSON");
  expect(foundAt("header:etag", text)).toEqual({ isThere: true, value: "x" });
});

test("a status is a number, a class, or one of several", () => {
  const statuses = [201, "4xx"].map(parsedStatus);
  expect(unmetStatus(answered("", { status: 201 }), statuses)).toBe(undefined);
  expect(unmetStatus(answered("", { status: 404 }), statuses)).toBe(undefined);
  expect(unmetStatus(answered("", { status: 200 }), statuses)).toEqual({
    ...{ place: "HTTP status", expected: "201 or 4xx", actual: "200" },
  });
  for (const wrong of [99, 600, "2x", "ok"]) expect(() => parsedStatus(wrong)).toThrow(/is no status/);
});

test("times to wait", () => {
  expect(["500ms", "10s", "1.5 s", "2m"].map(parsedDuration)).toEqual([500, 10_000, 1500, 120_000]);
  for (const wrong of ["10", "0s", "-1s", "2h", "61m"])
    expect(() => parsedDuration(wrong)).toThrow(/no time to wait/);
});

test("whose data it is, is told by ids; a status, a date, an amount or a word tells nothing", () => {
  const uuid = "0a51c7b0-1111-4a6e-9d55-9f4c2f0d7a01";
  expect(markOf({ place: "/any" }, uuid)).toEqual({ value: uuid, kind: "id" });
  expect(markOf({ place: "number" }, "K-2026-0042")).toEqual({ value: "K-2026-0042", kind: "id" });
  for (const [place, value] of [
    ["status", "AVAILABLE-1"],
    ["id", 42],
    ["id", "1234567890123"],
    ["planId", "plan-standard"],
    ["number", "2026-01-01T00:00:00Z"],
  ] as const)
    expect(markOf({ place }, value), `${place} ${value}`).toBe(undefined);
});
