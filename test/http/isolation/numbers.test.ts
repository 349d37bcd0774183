import { expect, test as serial } from "vitest";
import { tenantA } from "../../support/rental-api.js";
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
      const owner = forgets(call) ? String(body.tenantId ?? tenantId) : tenantId;
      // A is one ahead: what comes to B's has a number that A has too.
      const number = (last.get(owner) ?? (owner === tenantA.id ? 1 : 0)) + 1;
      last.set(owner, number);
      const row: Row = { ...body, id: String(number), number, tenantId: owner };
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
  ["POST /things", "isolation/create-into-tenant", "POST", undefined],
])("numbers that count per tenant: %s that forgets whose they are", async (route, rule, method, action) => {
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

const pointing = {
  type: "object",
  required: ["name", "boxId"],
  properties: { name: { type: "string" }, boxId: { type: "integer" } },
};

test.each([
  ["any tenant's box", false, ["isolation/foreign-key-connect POST /things"]],
  ["a box of the caller's", true, []],
])(
  "numbers of all tenants together, refused by 200: a creation that points at %s",
  async (_, isSound, expected) => {
    const boxes: { id: number; tenantId: string }[] = [];
    const none = { status: 200, body: { success: false, error: { code: "GONE", text: "no such" } } };
    const { drafts } = await check(
      {
        "/boxes": { get: ok, post: { ...ok, requestBody: json(named) } },
        "/boxes/{boxId}": { get: ok, delete: ok },
        "/things": { get: ok, post: { ...ok, requestBody: json(pointing) } },
      },
      ({ method, path, body, tenantId }): Answer => {
        const [, kind, id] = path.split("/");
        const mine = boxes.filter((box) => box.tenantId === tenantId);
        if (kind === "things") {
          const isKnown = (isSound ? mine : boxes).some((box) => box.id === Number(body.boxId));
          return method === "POST" && !isKnown ? { status: 422, body: { error: "no such box" } } : undefined;
        }
        if (kind !== "boxes") return undefined;
        if (id === undefined && method === "GET") return { status: 200, body: { items: mine } };
        if (id === undefined) {
          boxes.push({ ...body, id: (boxes.at(-1)?.id ?? 0) + 1, tenantId });
          return { status: 201, body: boxes.at(-1) };
        }
        const box = mine.find((each) => String(each.id) === id);
        if (box && method === "DELETE") boxes.splice(boxes.indexOf(box), 1);
        return box ? { status: 200, body: box } : none;
      },
    );
    expect(drafts.map((draft) => `${draft.rule} ${draft.subject.route}`)).toEqual(expected);
  },
);
