import { expect, test as serial } from "vitest";
import { admin, type Call, checkThings, json, named, ok, type Row, viewer } from "../../support/thing-api.js";

// Each has a server of its own, and mostly waits.
const test = serial.concurrent;

const paths = {
  "/things/{thingId}": { get: ok, patch: { ...ok, requestBody: json(named) }, delete: ok },
  "/things/{thingId}/close": { post: ok },
};
const refusal = { status: 403, body: { error: "your role may only read" } };

/** An API in which a viewer may change nothing of its own tenant; what it may do to others' is said. */
async function checkAsViewer(isOpenTo: (row: Row, call: Call) => boolean) {
  const { matrix, drafts, facts, isUnharmed } = await checkThings(
    paths,
    (call) => {
      const { method, path, rows, body, isViewer } = call;
      if (method === "GET") return undefined;
      const [, , id, action] = path.split("/");
      const row = rows.find((each) => each.id === id);
      const isOwn = row?.tenantId === call.tenantId;
      if (isViewer && !(row && isOpenTo(row, call))) return refusal;
      if (!row || (!isOwn && !isViewer)) return undefined;
      if (action === "close") row.isClosed = true;
      if (method === "PATCH") Object.assign(row, body);
      if (method === "DELETE") rows.splice(rows.indexOf(row), 1);
      return { status: 200, body: { id } };
    },
    { attacker: viewer, creator: admin },
  );
  const outcomes = matrix
    .filter(({ label }) => label === "update" || label === "delete")
    .map(({ route, outcome }) => `${route}: ${outcome}`);
  return {
    outcomes,
    rules: drafts.map(({ rule, subject }) => `${rule} ${subject.route}`),
    facts,
    isUnharmed,
  };
}

test("a role that may not change anything: not applicable, and what was created for it is deleted", async () => {
  const { outcomes, rules, facts, isUnharmed } = await checkAsViewer(() => false);
  expect(rules).toEqual([]);
  expect(outcomes).toEqual([
    "PATCH /things/{thingId}: not applicable",
    "POST /things/{thingId}/close: not applicable",
    "DELETE /things/{thingId}: not applicable",
  ]);
  expect(facts).toMatchObject({ left: [], differing: 0 });
  expect(isUnharmed).toBe(true);
});

test("a role that may change its own tenant's objects only: denied", async () => {
  const { outcomes, rules } = await checkAsViewer((row, { tenantId }) => row.tenantId === tenantId);
  expect(rules).toEqual([]);
  expect(outcomes.map((each) => each.split(": ")[1])).toEqual(["denied", "denied", "denied"]);
});

test("a role that is asked for in its own tenant only: what it may do to another's is found", async () => {
  const { rules } = await checkAsViewer((row, { tenantId }) => row.tenantId !== tenantId);
  expect(rules.sort()).toEqual([
    "isolation/delete DELETE /things/{thingId}",
    "isolation/update PATCH /things/{thingId}",
    "isolation/update POST /things/{thingId}/close",
  ]);
});
