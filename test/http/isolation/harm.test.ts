import { randomUUID } from "node:crypto";
import { expect, test as serial } from "vitest";
import { checkThings as check, json, named, ok, type Row, removeAll } from "../../support/thing-api.js";

// Each has a server of its own, and mostly waits.
const test = serial.concurrent;

test("a POST that answers with an object that was there: it is not deleted", async () => {
  const members = { type: "object", required: ["role"], properties: { role: { enum: ["admin"] } } };
  const paths = { "/things": { get: ok, post: { ...ok, requestBody: json(members) } } };
  const { isUnharmed } = await check(paths, ({ method, path, tenantId, rows }) =>
    method === "POST" && path === "/things"
      ? { status: 201, body: rows.find((row) => row.tenantId === tenantId) }
      : undefined,
  );
  expect(isUnharmed).toBe(true);
});

const ids = { type: "array", items: { type: "string" } };

test.each<[string, string, object]>([
  ["a list of what to keep", "keepIds", { type: "object", properties: { keepIds: ids } }],
  [
    "a flag that means all",
    "selectAll",
    {
      type: "object",
      properties: { ids, selectAll: { type: "boolean" } },
      example: { ids: ["x"], selectAll: true },
    },
  ],
  [
    "a mode that means all",
    "mode",
    { type: "object", properties: { ids, mode: { enum: ["all", "selected"] } } },
  ],
])("a batch with %s: nothing that was there is touched", async (_, field, schema) => {
  const paths = { "/things/purge": { post: { ...ok, requestBody: json(schema) } } };
  const { isUnharmed } = await check(paths, ({ path, body, tenantId, rows }) => {
    if (path !== "/things/purge") return undefined;
    const listed = [body.ids, body.keepIds].flat();
    const isAll = body.selectAll === true || body.mode === "all";
    const isMeant = (row: Row) =>
      row.tenantId === tenantId && (isAll || listed.includes(row.id) !== (field === "keepIds"));
    removeAll(rows, isMeant);
    return { status: 200, body: { done: true } };
  });
  expect(isUnharmed).toBe(true);
});

test("a DELETE is not sent again to where a redirect leads", async () => {
  const { isUnharmed, facts } = await check({}, ({ method, path, tenantId, rows }) => {
    if (method !== "DELETE") return undefined;
    if (path !== "/things") return { status: 302, location: "/things" };
    removeAll(rows, (row) => row.tenantId === tenantId);
    return { status: 204 };
  });
  expect(isUnharmed).toBe(true);
  expect((facts.left as string[]).length).toBeGreaterThan(0);
});

test("an id under another path that is somebody else's there is left alone", async () => {
  const shelves = new Map(Array.from({ length: 40 }, (_, index) => [String(index + 1), `shelf ${index}`]));
  let next = 1;
  const paths = {
    "/cart/shelves": { post: { ...ok, requestBody: json(named) } },
    "/catalog/shelves/{shelfId}": { get: ok, patch: { ...ok, requestBody: json(named) }, delete: ok },
  };
  const { drafts } = await check(paths, ({ method, path, body }) => {
    if (path === "/cart/shelves") return { status: 201, body: { id: String(next++), name: body.name } };
    const id = /^\/catalog\/shelves\/(.+)$/.exec(path)?.[1];
    if (id === undefined) return undefined;
    if (method === "PATCH") shelves.set(id, String(body.name));
    if (method === "DELETE") shelves.delete(id);
    return shelves.has(id) ? { status: 200, body: { id, name: shelves.get(id) } } : { status: 404, body: {} };
  });
  expect([...shelves.values()].filter((name) => name.startsWith("shelf"))).toHaveLength(40);
  expect(drafts).toEqual([]);
});

test("an answer that is a function of the question is no oracle", async () => {
  const parameters = [{ name: "name", in: "query", schema: { type: "string" } }];
  const paths = { "/things": { get: { ...ok, parameters }, post: { ...ok, requestBody: json(named) } } };
  const { drafts } = await check(paths, ({ method, path, query, tenantId, rows }) => {
    const name = query.get("name");
    if (method !== "GET" || path !== "/things" || name === null) return undefined;
    const items = rows.filter((row) => row.tenantId === tenantId && row.name === name);
    return {
      status: 200,
      body: { items, asked: name.toUpperCase(), key: Buffer.from(name).toString("hex") },
    };
  });
  expect(drafts).toEqual([]);
});

/** What a report says of rows that were there before, and of those that it left, by a tenant's route. */
function differencesIn({ differences }: { differences?: unknown }) {
  return (differences as { tenant: string; what: string; fields: string[]; isOurs: boolean }[]).map(
    ({ tenant, what, fields, isOurs }) =>
      `${tenant} ${what} ${fields.join(" ")}${isOurs ? " by this run" : ""}`,
  );
}

test("nothing that was there is changed: the report compares, and has nothing to say", async () => {
  const { facts } = await check({}, ({ method, path, tenantId, rows }) =>
    method === "GET" && path === "/things"
      ? {
          status: 200,
          // What changes by itself, or with every reading, is nobody's doing.
          body: {
            items: rows
              .filter((row) => row.tenantId === tenantId)
              .map((row) => ({
                ...row,
                readAt: new Date(),
                views: Math.random(),
                tags: shuffled(["x", "y"]),
              })),
          },
        }
      : undefined,
  );
  expect(facts).toMatchObject({ differences: [], differing: 0, listsCompared: 2, listsNotCompared: [] });
});

const shuffled = (items: string[]) => (Math.random() < 0.5 ? items : items.toReversed());

test("a creation that books on a row that was there: the report says which, and what differs", async () => {
  const { facts } = await check({}, ({ method, path, tenantId, rows }) => {
    if (method !== "POST" || path !== "/things") return undefined;
    const account = rows.find((row) => row.tenantId === tenantId)!;
    account.balance = Number(account.balance ?? 0) + 1;
    return undefined;
  });
  expect(new Set(differencesIn(facts))).toEqual(new Set(["a changed balance", "b changed balance"]));
});

test("a creation that takes over a row that was there: its new values say that it was this run", async () => {
  const { facts } = await check({}, ({ method, path, tenantId, rows, body }) => {
    if (method !== "POST" || path !== "/things") return undefined;
    const known = rows.find((row) => row.tenantId === tenantId)!;
    known.name = body.name;
    return { status: 200, body: known };
  });
  expect(new Set(differencesIn(facts))).toEqual(
    new Set(["a changed name by this run", "b changed name by this run"]),
  );
});

test("what is created and never named in an answer is told as left behind", async () => {
  const { facts } = await check({}, ({ method, path, tenantId, rows, body }) => {
    if (method !== "POST" || path !== "/things") return undefined;
    rows.push({ ...body, id: randomUUID(), tenantId });
    return { status: 200, body: { ok: true } };
  });
  expect(facts.left).toEqual([]);
  expect(new Set(differencesIn(facts))).toEqual(
    new Set(["a left behind  by this run", "b left behind  by this run"]),
  );
});

test("a row that goes while the run lasts is said to be gone", async () => {
  const { facts } = await check({}, ({ method, path, tenantId, rows }) => {
    if (method !== "DELETE" || !path.startsWith("/things/")) return undefined;
    removeAll(rows, (row) => row.tenantId === tenantId && row.name === "two");
    return undefined;
  });
  expect(differencesIn(facts)).toEqual(expect.arrayContaining(["a gone ", "b gone "]));
});

test("an action that changes its siblings: those that were there before are named", async () => {
  const paths = { "/things/{thingId}/default": { post: ok } };
  const { facts } = await check(paths, ({ path, tenantId, rows }) => {
    const id = /^\/things\/(.+)\/default$/.exec(path)?.[1];
    if (id === undefined) return undefined;
    const own = rows.filter((row) => row.tenantId === tenantId);
    if (!own.some((row) => row.id === id)) return { status: 404, body: { error: "not found" } };
    for (const row of own) row.isDefault = row.id === id;
    return { status: 200, body: { ok: true } };
  });
  expect(new Set(differencesIn(facts))).toEqual(new Set(["a changed isDefault", "b changed isDefault"]));
});

test("a PUT that creates what is not there: what it created is told as left behind", async () => {
  const paths = {
    "/things/{thingId}": { get: ok, put: { ...ok, requestBody: json(named) }, delete: ok },
  };
  const { facts } = await check(paths, ({ method, path, tenantId, rows, body }) => {
    if (method !== "PUT") return undefined;
    const id = path.split("/").at(-1)!;
    const row = rows.find((each) => each.id === id);
    if (row && row.tenantId !== tenantId) return { status: 404, body: { error: "not found" } };
    if (row) Object.assign(row, body);
    else rows.push({ ...body, id, tenantId });
    return { status: 200, body: { id } };
  });
  expect(new Set(differencesIn(facts))).toEqual(new Set(["a left behind  by this run"]));
});

test("lists below objects that were there are compared too", async () => {
  const paths = { "/things/{thingId}/notes": { get: ok } };
  const text = new Map<string, string>();
  const { facts } = await check(paths, ({ method, path, tenantId, rows }) => {
    const id = /^\/things\/(.+)\/notes$/.exec(path)?.[1];
    if (method === "POST" && path === "/things") text.set(tenantId, "another was created");
    if (id === undefined) return undefined;
    if (!rows.some((row) => row.id === id && row.tenantId === tenantId))
      return { status: 404, body: { error: "not found" } };
    return { status: 200, body: { items: [{ id: `note of ${id}`, text: text.get(tenantId) ?? "none" }] } };
  });
  // Below two of each tenant's things.
  expect(facts).toMatchObject({ listsCompared: 6, differing: 4 });
  expect(new Set(differencesIn(facts))).toEqual(new Set(["a changed text", "b changed text"]));
});

test("a list that its own tenant can't read is not compared, and that is said", async () => {
  const paths = { "/secrets": { get: ok } };
  const { facts } = await check(paths, ({ path }) =>
    path === "/secrets" ? { status: 403, body: { error: "not for you" } } : undefined,
  );
  expect(facts.listsNotCompared).toEqual(
    ["a", "b"].map((tenant) => ({
      ...{ tenant, route: "GET /secrets" },
      reason: "it answers 403 to its own tenant",
    })),
  );
});

test("read only, nothing is compared", async () => {
  const { facts } = await check({}, () => undefined, { isReadOnly: () => true });
  expect(facts).not.toHaveProperty("differences");
});

test("what comes of an action, and points at what was created: it is this run's", async () => {
  const receipts: Row[] = [];
  const paths = { "/things/{thingId}/sell": { post: ok }, "/receipts": { get: ok } };
  const { facts } = await check(paths, ({ path, tenantId, rows }) => {
    if (path === "/receipts")
      return { status: 200, body: { items: receipts.filter((row) => row.tenantId === tenantId) } };
    const id = /^\/things\/(.+)\/sell$/.exec(path)?.[1];
    if (id === undefined) return undefined;
    const row = rows.find((each) => each.id === id && each.tenantId === tenantId);
    if (!row) return { status: 404, body: { error: "not found" } };
    row.isSold = true;
    receipts.push({ id: randomUUID(), tenantId, thingId: id });
    return { status: 200, body: { ok: true } };
  });
  expect(new Set(differencesIn(facts))).toEqual(
    new Set(["a left behind  by this run", "b left behind  by this run"]),
  );
});
