import { expect, test } from "vitest";
import { ApiDocument } from "../../../src/isolation/api/document.js";
import { hintsOf } from "../../../src/isolation/hints.js";
import type { Cell } from "../../../src/isolation/probe.js";

const cell = (route: string, outcome: Cell["outcome"], rule: Cell["rule"] = "isolation/list"): Cell => ({
  ...{ route, rule, label: "list", outcome, leaks: [], denials: [] },
});
const hints = ({
  statuses = [200, 200],
  cells = [] as Cell[],
  root = {},
  baseUrl = "http://localhost:3000",
}) =>
  hintsOf({
    ...{ controls: statuses.map((status) => ({ status })), cells, baseUrl, now: new Date() },
    document: new ApiDocument(root, "openapi.json"),
    actors: [
      { name: "a", tenantId: "1", token: "x" },
      { name: "b", tenantId: "2", token: "y" },
    ],
  });

test("one refusal among many is no pattern; most of them are", () => {
  expect(hints({ statuses: [200, 404, 200] })).toEqual([]);
  expect(hints({ statuses: [404] })).toEqual([]);
  expect(hints({ statuses: [401, 401, 200] })).toEqual([
    expect.stringMatching(/^2 of 3 lists answer 401 .* --token-header, --token-scheme$/),
  ]);
  expect(hints({ statuses: [403, 403] })).toEqual([
    expect.stringMatching(/the tenant's id may be another's/),
  ]);
});

test("a base path is named where the base URL does not end with it", () => {
  const root = { servers: [{ url: "/api/v1/" }] };
  expect(hints({ statuses: [404, 404], root })[0]).toContain("--base-url http://localhost:3000/api/v1");
  const whole = hints({ statuses: [404, 404], root, baseUrl: "http://localhost:3000/api/v1" });
  expect(whole).toEqual([expect.stringMatching(/is http:\S+ the API that openapi\.json describes\?/)]);
});

test("every list shows the other's objects: no guard, or tokens of one tenant", () => {
  const all = [cell("GET /a", "leaked"), cell("GET /b", "leaked"), cell("GET /c", "not applicable")];
  expect(hints({ cells: all })).toEqual([expect.stringMatching(/both tokens are of one tenant/)]);
  expect(hints({ cells: [...all, cell("GET /d", "denied")] })).toEqual([]);
  expect(hints({ cells: [cell("GET /a", "leaked")] })).toEqual([]);
});
