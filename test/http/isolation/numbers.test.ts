import { expect, test as serial } from "vitest";
import {
  type Answer,
  type Call,
  checkThings as check,
  json,
  named,
  ok,
  type Row,
} from "../../support/thing-api.js";

// Each has a server of its own, and mostly waits.
const test = serial.concurrent;

const paths = {
  "/things/{thingId}": {
    get: ok,
    patch: { ...ok, requestBody: json(named) },
    delete: ok,
  },
  "/things/{thingId}/close": { post: ok },
};
const notFound = { status: 404, body: { error: "not found" } };

/**
 * Things that each tenant counts from 1: a number leads to the caller's own first, else to what a method finds
 * among all tenants' where it forgets to look whose it is.
 */
function counted(forgets: (call: Call) => boolean, refusal: Answer = notFound) {
  const last = new Map<string, number>();
  return (call: Call) => {
    const { method, path, body, tenantId, rows } = call;
    const [, kind, id, action] = path.split("/");
    if (kind !== "things") return undefined;
    const own = rows.filter((row) => row.tenantId === tenantId);
    if (id === undefined && method === "GET") return { status: 200, body: { items: own } };
    if (id === undefined) {
      const number = (last.get(tenantId) ?? 0) + 1;
      last.set(tenantId, number);
      const row: Row = { ...body, id: String(number), number, tenantId };
      rows.push(row);
      return { status: 201, body: row };
    }
    const among = forgets(call) ? [...own, ...rows] : own;
    const row = among.find((each) => each.number !== undefined && each.id === id);
    if (!row) return refusal;
    if (method === "DELETE") rows.splice(rows.indexOf(row), 1);
    if (method === "PATCH") row.name = body.name;
    if (action === "close") row.state = "closed";
    return { status: 200, body: row };
  };
}

test.each([
  ["PATCH /things/{thingId}", "isolation/update", "PATCH", undefined],
  ["DELETE /things/{thingId}", "isolation/delete", "DELETE", undefined],
  ["POST /things/{thingId}/close", "isolation/update", "POST", "close"],
])("numbers that count per tenant: %s of a number that only B has", async (route, rule, method, action) => {
  const forgets = ({ method: sent, path }: Call) => sent === method && path.split("/")[3] === action;
  const { drafts } = await check(paths, counted(forgets));
  expect(drafts.map((draft) => `${draft.rule} ${draft.subject.route}`)).toEqual([`${rule} ${route}`]);
});

test.each([
  ["404", notFound],
  ["200 that says so", { status: 200, body: { success: false, error: { code: "GONE", text: "no such" } } }],
])(
  "numbers that count per tenant, each its own, refused by %s: nothing, and that is known",
  async (_, refusal) => {
    const { drafts, matrix } = await check(
      paths,
      counted(() => false, refusal),
    );
    expect(drafts).toEqual([]);
    const changing = matrix.filter(({ label }) => label === "update" || label === "delete");
    expect(changing.map(({ outcome }) => outcome)).toEqual(["denied", "denied", "denied"]);
  },
);
