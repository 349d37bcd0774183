import { randomUUID } from "node:crypto";
import { expect, test as serial } from "vitest";
import { tenantA, tenantB } from "../../support/rental-api.js";
import {
  type Answer,
  type Call,
  checkThings,
  json,
  ok,
  type Row,
  removeAll,
} from "../../support/thing-api.js";

// Each has a server of its own, and mostly waits.
const test = serial.concurrent;

type Own = (call: Call) => Answer;

/** Outcome and reason of one cell, and the rules of what was found. */
async function outcomeOf(
  [route, label]: readonly [string, string],
  paths: object,
  own: Own,
  options?: Parameters<typeof checkThings>[2],
) {
  const { matrix, drafts } = await checkThings(paths, own, options);
  const cell = matrix.find((each) => each.route === route && each.label === label);
  return { outcome: cell?.outcome, reason: cell?.reason, rules: drafts.map(({ rule }) => rule) };
}

const ids = { type: "object", properties: { ids: { type: "array", items: { type: "string" } } } };
const isOwn = (row: Row, { tenantId }: Call) => row.tenantId === tenantId;

/** `POST /things/archive` with a list of ids, that does so to those that it may. */
function archiving(isMeant: (row: Row, call: Call) => boolean): Own {
  return (call) => {
    if (call.path !== "/things/archive") return undefined;
    for (const row of call.rows)
      if ((call.body.ids as string[]).includes(row.id) && isMeant(row, call)) row.isArchived = true;
    return { status: 200, body: { ok: true } };
  };
}

test.each<[string, (row: Row, call: Call) => boolean, string, string[]]>([
  ["does nothing at all", () => false, "inconclusive", []],
  ["looks at the tenant", isOwn, "denied", []],
  ["looks at ids alone", () => true, "leaked", ["isolation/bulk"]],
])("a batch that answers 200 and %s", async (_, isMeant, outcome, rules) => {
  const paths = { "/things/archive": { post: { ...ok, requestBody: json(ids) } } };
  const seen = await outcomeOf(["POST /things/archive", "bulk"], paths, archiving(isMeant));
  expect(seen).toMatchObject({ outcome, rules });
  if (outcome === "inconclusive") expect(seen.reason).toMatch(/does nothing to its own object/);
});

/** `POST /things/{id}/close`, that does so to those that it may, a while later. */
function closing(isMeant: (row: Row, call: Call) => boolean, delay = 0, otherwise = 200): Own {
  return (call) => {
    const id = /^\/things\/(.+)\/close$/.exec(call.path)?.[1];
    if (id === undefined) return undefined;
    const row = call.rows.find((each) => each.id === id);
    if (row && isMeant(row, call)) setTimeout(() => Object.assign(row, { isClosed: true }), delay);
    return { status: row && isOwn(row, call) ? 200 : otherwise, body: { ok: true } };
  };
}

test.each<[string, Own, string, string[]]>([
  ["nothing at all, and says 200 of anything", closing(() => false), "inconclusive", []],
  ["nothing that can be seen, and refuses the other's", closing(() => false, 0, 404), "denied", []],
  ["something to one's own only", closing(isOwn), "denied", []],
  ["something later, to one's own only", closing(isOwn, 700), "denied", []],
  ["something later, to anybody's", closing(() => true, 700), "leaked", ["isolation/update"]],
])("an action that does %s", async (_, own, outcome, rules) => {
  const paths = { "/things/{thingId}/close": { post: ok } };
  const seen = await outcomeOf(["POST /things/{thingId}/close", "update"], paths, own);
  expect(seen).toMatchObject({ outcome, rules });
});

const task = {
  type: "object",
  required: ["name", "thingId"],
  properties: { name: { type: "string" }, thingId: { type: "string" } },
};
const taskPaths = {
  "/tasks": { get: ok, post: { ...ok, requestBody: json(task) } },
  "/tasks/{taskId}": { get: ok, delete: ok },
};

/** Tasks that point at a thing, and what they show of it. */
function tasks(isMeant: (row: Row, call: Call) => boolean, shown: (thing: Row | undefined) => object): Own {
  const all: Row[] = [];
  return (call) => {
    const [, kind, id] = call.path.split("/");
    if (kind !== "tasks") return undefined;
    const { method, rows, body, tenantId } = call;
    const view = (each: Row) => {
      const { thingId, ...rest } = each;
      return { ...rest, ...shown(rows.find((row) => row.id === thingId)) };
    };
    if (method === "POST") {
      const thing = rows.find((row) => row.id === body.thingId);
      if (!thing || !isMeant(thing, call)) return { status: 404, body: { error: "no such thing" } };
      const row = { ...body, id: randomUUID(), tenantId };
      all.push(row);
      return { status: 201, body: view(row) };
    }
    const mine = all.filter((each) => isOwn(each, call));
    if (id === undefined) return { status: 200, body: { items: mine.map(view) } };
    const row = mine.find((each) => each.id === id);
    if (!row) return { status: 404, body: { error: "not found" } };
    if (method === "DELETE") all.splice(all.indexOf(row), 1);
    return method === "DELETE" ? { status: 204 } : { status: 200, body: view(row) };
  };
}

const name = (thing: Row | undefined) => ({ thing: { title: thing?.name ?? null } });
const id = (thing: Row | undefined) => ({ thingId: thing?.id ?? null });

test.each<[string, Own, string, string[]]>([
  ["shows a name of it, and takes any", tasks(() => true, name), "leaked", ["isolation/foreign-key-connect"]],
  ["shows a name of it, and takes one's own", tasks(isOwn, name), "denied", []],
  ["shows its id, and takes any", tasks(() => true, id), "leaked", ["isolation/foreign-key-connect"]],
  [
    "shows nothing of it, and takes any",
    tasks(
      () => true,
      () => ({}),
    ),
    "inconclusive",
    [],
  ],
  ["shows nothing of it, and takes one's own", tasks(isOwn, () => ({})), "denied", []],
])("an object that points at another and %s", async (_, own, outcome, rules) => {
  const seen = await outcomeOf(["POST /tasks", "connect"], taskPaths, own);
  expect(seen).toMatchObject({ outcome, rules });
  if (outcome === "inconclusive") expect(seen.reason).toMatch(/shown by nothing/);
});

test.each<[string, (row: Row, call: Call) => boolean, string, string[]]>([
  ["looks at the tenant", isOwn, "denied", []],
  ["looks at ids alone", () => true, "leaked", ["isolation/bulk"]],
])(
  "a batch that %s, where no object can be read by itself: the list tells",
  async (_, isMeant, outcome, rules) => {
    const paths = {
      "/things/{thingId}": { delete: ok },
      "/things/purge": { post: { ...ok, requestBody: json(ids) } },
    };
    const own: Own = (call) => {
      if (call.path === "/things/purge") {
        removeAll(call.rows, (row) => (call.body.ids as string[]).includes(row.id) && isMeant(row, call));
        return { status: 200, body: { ok: true } };
      }
      const isOfOne = call.method === "GET" && call.path.startsWith("/things/");
      return isOfOne ? { status: 405, body: { error: "no such method" } } : undefined;
    };
    expect(await outcomeOf(["POST /things/purge", "bulk"], paths, own)).toMatchObject({ outcome, rules });
  },
);

test("a batch below a path that nobody knows is not sent anywhere", async () => {
  const body = { type: "object", properties: { thingIds: { type: "array", items: { type: "string" } } } };
  const paths = { "/shelves/{shelfCode}/empty": { post: { ...ok, requestBody: json(body) } } };
  const sent: string[] = [];
  const own: Own = ({ path }) => {
    if (path.startsWith("/shelves")) sent.push(path);
    return undefined;
  };
  const seen = await outcomeOf(["POST /shelves/{shelfCode}/empty", "bulk"], paths, own);
  expect(seen).toMatchObject({
    outcome: "not applicable",
    reason: "its path has a parameter that is not known",
  });
  expect(sent).toEqual([]);
});

/** Things stand in the unit that their creation names; a list that names one shows those of it. */
function units(isMeant: (row: Row, call: Call) => boolean, isKept = true): Own {
  return (call) => {
    const { method, path, headers, rows, body, tenantId } = call;
    const unit = headers["x-unit"];
    if (path !== "/things" || unit === undefined) return undefined;
    if (method === "GET")
      return { status: 200, body: { items: rows.filter((row) => row.unit === unit && isMeant(row, call)) } };
    // A unit of another tenant is nobody's.
    const row = {
      ...body,
      id: randomUUID(),
      tenantId,
      ...(isKept && unit === `of ${tenantId}` ? { unit } : {}),
    };
    rows.push(row);
    return { status: 201, body: row };
  };
}

test.each<[string, Own, string, string[]]>([
  ["shows its rows to anybody", units(() => true), "leaked", ["isolation/sub-scope"]],
  ["shows its rows to its tenant", units(isOwn), "denied", []],
  ["has no rows for anybody", units(isOwn, false), "inconclusive", []],
])("a unit that %s", async (_, own, outcome, rules) => {
  const subScope = {
    ...{ header: "X-Unit", models: [] },
    units: { a: [`of ${tenantA.id}`], b: [`of ${tenantB.id}`] },
  };
  const seen = await outcomeOf(["GET /things", "unit"], {}, own, { subScope });
  expect(seen).toMatchObject({ outcome, rules });
});
