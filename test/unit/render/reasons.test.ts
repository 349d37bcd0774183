import { expect, test } from "vitest";
import type { CheckResult } from "../../../src/findings/report.js";
import { reasonListsOf } from "../../../src/render/reasons.js";

const check = (reasons: readonly (readonly [route: string, reason: string])[]): CheckResult => ({
  ...{ id: "isolation", title: "Isolation", status: "inconclusive", durationMs: 0, findings: [] },
  facts: {
    matrix: reasons.map(([route, reason]) => ({
      ...{ route, reason, rule: "isolation/list", label: "list", outcome: "inconclusive" },
    })),
  },
});
const groups = (reasons: Parameters<typeof check>[0]) =>
  reasonListsOf(check(reasons)).flatMap((list) => list.groups);

test("what only the route, its URL, an id of the request or the time tells apart is one reason", () => {
  const refused = (id: string, time: string) =>
    `answers 404 to its own tenant: {"id":"${id}","at":"${time}"}`;
  const first = refused("4ccbc29b-f7f4-44ee-bae7-f03e9a2f8a43", "2026-11-24T00:50:14.482Z");
  const second = refused("94ea00dc-ba5e-4198-a7a3-1cb15c7e0f7e", "2026-11-24T00:50:14.509Z");
  expect(
    groups([
      ["POST /a", `POST /a ${first}`],
      ["POST /b", `POST /b ${second}`],
    ]),
  ).toEqual([{ reason: `it ${first}`, routes: ["POST /a (list)", "POST /b (list)"] }]);
  expect(
    groups([
      ["GET /a", "http://x/v1/a: nothing listens there"],
      ["GET /b/{id}", "http://x/v1/b/7: nothing listens there"],
    ]),
  ).toEqual([{ reason: "nothing listens there", routes: ["GET /a (list)", "GET /b/{id} (list)"] }]);
});

test("other statuses and other words are other reasons; what is sure is not listed", () => {
  expect(
    groups([
      ["GET /a", "it answers 404"],
      ["GET /b", "it answers 401"],
    ]),
  ).toHaveLength(2);
  expect(reasonListsOf(check([]))).toEqual([]);
});
