import { randomUUID } from "node:crypto";
import { expect, test as serial } from "vitest";
import {
  type Answer,
  type Call,
  checkThings as check,
  json,
  named,
  ok,
  type Row,
  things,
} from "../../support/thing-api.js";

// Each has a server of its own, and mostly waits.
const test = serial.concurrent;

type Checked = Awaited<ReturnType<typeof check>>;
const found = ({ drafts }: Checked) => drafts.map(({ rule, subject }) => `${rule} ${subject.route}`);
const notFound = { status: 404, body: { error: "not found" } };
const text = { type: "string" };
const inQuery = (name: string, schema: object = text) => ({ name, in: "query", schema });
const own = ({ rows, tenantId }: Call) => rows.filter((row) => row.tenantId === tenantId);

test.each([
  ["any tenant's", () => true, ["isolation/delete DELETE /things/{thingId}"]],
  ["the caller's", (row: { tenantId: string }, { tenantId }: Call) => row.tenantId === tenantId, []],
])(
  "200 says what was asked for and that it is not there, yet or any more; what is deleted is %s",
  async (_, isMeant, expected) => {
    const checked = await check({}, (call): Answer => {
      const { method, path, rows } = call;
      const id = path.split("/")[2];
      if (method === "POST") call.body.shownFrom = Date.now() + 300;
      if (id === undefined) return undefined;
      const error = { code: "none", text: `nothing there: ${path}` };
      const none = { status: 200, body: { success: false, error } };
      const row = rows.find((each) => each.id === id);
      if (method !== "DELETE")
        return own(call).some((each) => each === row && Date.now() > Number(each.shownFrom ?? 0))
          ? undefined
          : none;
      if (!row || !isMeant(row, call)) return none;
      rows.splice(rows.indexOf(row), 1);
      return { status: 200, body: { success: true } };
    });
    expect(found(checked)).toEqual(expected);
    expect(checked.matrix.find(({ label }) => label === "delete")?.outcome).toBe(
      expected.length ? "leaked" : "denied",
    );
  },
);

test.each([
  ["looks at all tenants' rows", false, ["isolation/list GET /things"]],
  ["looks at the caller's", true, []],
])("a list whose second page %s: nothing is created in another tenant", async (_, isSound, expected) => {
  const paging = [inQuery("limit", { type: "integer", maximum: 2 }), inQuery("offset", { type: "integer" })];
  const paths = {
    "/things": { get: { ...ok, parameters: paging }, post: { ...ok, requestBody: json(named) } },
  };
  let made = 0;
  const checked = await check(paths, (call): Answer => {
    const { method, path, query, body, rows } = call;
    if (path !== "/things") return undefined;
    if (method === "POST") body.number = ++made;
    if (method !== "GET") return undefined;
    const offset = Number(query.get("offset") ?? 0);
    const all = offset > 0 && !isSound ? rows : own(call);
    // The first that is made stands where only the first page would show it, the later ones do not.
    const sorted = all.toSorted(
      (one, other) => Number(one.number ?? Infinity) - Number(other.number ?? Infinity) || 0,
    );
    return { status: 200, body: { items: sorted.slice(offset, offset + 2), total: all.length } };
  });
  expect(found(checked)).toEqual(expected);
});

const coded = {
  type: "object",
  required: ["name", "code"],
  properties: { name: text, code: { type: "string", pattern: "^[A-Z]{3}-[0-9]{6}$" } },
};

test.each([
  ["of all tenants", false, ["isolation/filter-oracle GET /boxes/availability"]],
  ["of the caller", true, []],
])("whether a code is free among boxes %s, where things have codes too", async (_, isSound, expected) => {
  const made = { ...ok, requestBody: json(coded) };
  const paths = {
    "/things": { get: ok, post: made },
    "/boxes": { get: ok, post: made },
    "/boxes/{boxId}": { get: ok, delete: ok },
    "/boxes/availability": { get: { ...ok, parameters: [inQuery("code")] } },
  };
  const boxes: Row[] = [];
  const checked = await check(paths, (call): Answer => {
    const { method, path, query, body, tenantId } = call;
    const [, kind, id] = path.split("/");
    if (id === "availability") {
      const among = boxes.filter((box) => !isSound || box.tenantId === tenantId);
      return { status: 200, body: { available: !among.some(({ code }) => code === query.get("code")) } };
    }
    if (kind !== "boxes") return undefined;
    if (method === "POST") {
      boxes.push({ ...body, id: randomUUID(), tenantId });
      return { status: 201, body: boxes.at(-1) };
    }
    const mine = boxes.filter((box) => box.tenantId === tenantId);
    if (id === undefined) return { status: 200, body: { items: mine } };
    const box = mine.find((each) => each.id === id);
    if (!box) return notFound;
    if (method === "DELETE") boxes.splice(boxes.indexOf(box), 1);
    return { status: 200, body: box };
  });
  expect(found(checked)).toEqual(expected);
});

test.each([
  ["anybody", () => true, ["isolation/export GET /t/{tenantId}/things/{thingId}/file"]],
  ["its tenant", ({ tenantId, path }: Call) => path.split("/")[2] === tenantId, []],
])("a file below its tenant, that opens to %s", async (_, opensTo, expected) => {
  const file = { responses: { 200: { description: "A file", content: { "text/plain": { schema: text } } } } };
  const parameters = ["tenantId", "thingId"].map((name) => ({
    name,
    in: "path",
    required: true,
    schema: text,
  }));
  const paths = { "/t/{tenantId}/things/{thingId}/file": { get: { ...file, parameters } } };
  const isFile = (path: string) => path.startsWith("/t/");
  const checked = await check(
    paths,
    (call): Answer => {
      const { method, path, rows } = call;
      const [, kind, id] = path.split("/");
      if (isFile(path)) {
        const row = rows.find((each) => each.id === path.split("/")[4]);
        if (!row || !opensTo(call)) return notFound;
        return { status: 200, body: `file of ${row.name}` };
      }
      const row = kind === "things" && method === "GET" && own(call).find((each) => each.id === id);
      return row ? { status: 200, body: { ...row, url: `/t/${row.tenantId}/things/${id}/file` } } : undefined;
    },
    {},
    isFile,
  );
  expect(new Set(found(checked))).toEqual(new Set(expected));
});

test.each([
  ["asks for no token", true, ["isolation/tenant-missing GET /t/{tenantId}/things/{thingId}"]],
  ["asks for the tenant's token", false, []],
])("an object below its tenant %s", async (_, isOpen, expected) => {
  const inPath = (names: string[]) => ({
    parameters: names.map((name) => ({ name, in: "path", required: true, schema: text })),
  });
  const paths = {
    "/things": {},
    "/things/{thingId}": {},
    "/t/{tenantId}/things": { ...inPath(["tenantId"]), get: ok, post: { ...ok, requestBody: json(named) } },
    "/t/{tenantId}/things/{thingId}": { ...inPath(["tenantId", "thingId"]), get: ok, delete: ok },
  };
  const checked = await check(
    paths,
    (call): Answer => {
      const { path, tenantId, method } = call;
      const [, , tenant, ...rest] = path.split("/");
      const isObject = method === "GET" && rest.length === 2;
      if (tenantId === undefined && !(isOpen && isObject)) return { status: 401, body: { error: "sign in" } };
      if (tenantId !== undefined && tenantId !== tenant) return { status: 403, body: { error: "not yours" } };
      return things({ ...call, tenantId: tenant!, path: `/${rest.join("/")}` });
    },
    {},
    (path) => path.startsWith("/t/"),
  );
  expect(found(checked)).toEqual(expected);
});

test.each([
  ["of all tenants", false, ["isolation/aggregate GET /totals"]],
  ["of the caller", true, []],
])("a total over things %s, that is later still than the things", async (_, isSound, expected) => {
  const paths = { "/totals": { get: ok } };
  const madeAt = new WeakMap<object, number>();
  const checked = await check(paths, (call): Answer => {
    const { method, path, rows } = call;
    const isShown = (row: Row, delay: number) => Date.now() > (madeAt.get(row) ?? 0) + delay;
    if (path === "/totals") {
      const shown = (isSound ? own(call) : rows).filter((row) => isShown(row, 700));
      return { status: 200, body: { things: shown.length } };
    }
    if (method === "POST") {
      const answer = things(call);
      madeAt.set(rows.at(-1)!, Date.now());
      return answer;
    }
    const hidden = own(call).find((row) => !isShown(row, 400) && path.endsWith(row.id));
    return method === "GET" && hidden ? notFound : undefined;
  });
  expect(found(checked)).toEqual(expected);
});
