import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, expect, test } from "vitest";
import { exampleFolder, startExample, useExample } from "../support/example.js";
import { exportLink, newAsset, newClient, newQuotation } from "../support/example-attempts.js";
import { type Caller, callerOf, signIn } from "../support/example-caller.js";

const example = useExample();
let caller: Caller;
beforeAll(async () => {
  const { base } = example.app;
  caller = callerOf(base, await signIn(base, "harbor-rentals"));
});

const openapi = JSON.parse(readFileSync(join(exampleFolder, "openapi.json"), "utf8"));
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(openapi, "openapi");

/** Asks, and holds the answer to the status and the schema that openapi.json promises. */
async function ask(method: string, path: string, status: number, body?: unknown, operation = path) {
  const answer = await caller.send(method, path, body);
  expect(answer.status, answer.text).toBe(status);
  const template = `/api/v1${operation}`.replaceAll("~", "~0").replaceAll("/", "~1");
  const content = openapi.paths[`/api/v1${operation}`][method.toLowerCase()].responses[status].content;
  if (content?.["application/json"]) {
    const pointer = `openapi#/paths/${encodeURIComponent(template)}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`;
    ajv.validate(pointer, answer.body);
    expect(ajv.errors).toBeNull();
  }
  return answer.body;
}

test("clients: contracts and invoices below, and the same rows as CSV", async () => {
  const [{ clientId }] = (await ask("GET", "/contracts", 200)).items;
  const path = `/clients/${clientId}`;
  const below = await ask("GET", `${path}?include=contracts.invoices`, 200, undefined, "/clients/{id}");
  expect(below.contracts[0].invoices.length).toBeGreaterThan(0);
  const plain = await ask("GET", `${path}?include=contracts`, 200, undefined, "/clients/{id}");
  expect(plain.contracts[0].invoices).toBeUndefined();
  expect((await ask("GET", path, 200, undefined, "/clients/{id}")).contracts).toBeUndefined();
  await ask("GET", `${path}?include=tenant`, 400, undefined, "/clients/{id}");

  const { total } = await ask("GET", "/clients", 200);
  const lines = (await caller.send("GET", "/clients/export")).text.trimEnd().split("\r\n");
  expect(lines).toHaveLength(total + 1);
});

test("a number that is taken is a conflict", async () => {
  const client = newClient();
  await ask("POST", "/clients", 201, client);
  await ask("POST", "/clients", 409, client);
});

test("quotations: by the client's name, sorted through it, and one item", async () => {
  const client = await ask("POST", "/clients", 201, newClient());
  const quotation = await ask("POST", "/quotations", 201, await newQuotation(caller, client.id));
  const list = (query: string) => ask("GET", `/quotations?${query}`, 200, undefined, "/quotations");
  expect((await list(`clientName=${client.name.toUpperCase()}`)).total).toBe(1);
  expect((await list(`clientName=${client.name}&search=no-such-number`)).total).toBe(0);
  expect((await list("sort=client.name")).items).not.toEqual((await list("sort=-client.name")).items);
  await ask("GET", "/quotations?sort=tenantId", 400, undefined, "/quotations");
  const [item] = quotation.items;
  const path = `/quotations/${quotation.id}/items/${item.id}`;
  expect(await ask("GET", path, 200, undefined, "/quotations/{id}/items/{itemId}")).toEqual(item);
});

test("assets in bulk: read, archive, delete", async () => {
  const assets = [];
  for (const _ of "12") assets.push(await ask("POST", "/assets", 201, await newAsset(caller)));
  const ids = assets.map(({ id }) => id);
  const bulk = (action: string) => ask("POST", "/assets/bulk", 200, { action, ids });
  expect((await bulk("read")).count).toBe(2);
  await bulk("archive");
  expect((await bulk("read")).items).toMatchObject([{ status: "RETIRED" }, { status: "RETIRED" }]);
  expect((await bulk("delete")).count).toBe(2);
  expect((await bulk("read")).count).toBe(0);
  await ask("POST", "/assets/bulk", 400, { action: "sell", ids });
});

test("supplies: created, read, deleted; another tenant's id is refused", async () => {
  const supply = { name: "Chain oil", unit: "l", stock: 20 };
  const { id } = await ask("POST", "/supplies", 201, { ...supply, tenantId: caller.tenantId });
  await ask("POST", "/supplies", 409, supply);
  await ask("POST", "/supplies", 403, { ...supply, tenantId: "00000001-0001-4000-8000-000000000000" });
  expect(await ask("GET", `/supplies/${id}`, 200, undefined, "/supplies/{id}")).toMatchObject(supply);
  await ask("DELETE", `/supplies/${id}`, 204, undefined, "/supplies/{id}");
  await ask("GET", `/supplies/${id}`, 404, undefined, "/supplies/{id}");
});

test("modules: a subscription is seen at once, cache or not", async () => {
  const catalogue = await ask("GET", "/modules?include=tenants", 200, undefined, "/modules");
  const unused = catalogue.items.find(({ tenants }: { tenants: unknown[] }) => tenants.length === 0);
  const enabled = async () => (await ask("GET", "/modules/enabled", 200)).items.length;
  const before = await enabled();
  const path = `/modules/${unused.id}/subscription`;
  const change = (method: string, status: number) =>
    ask(method, path, status, undefined, "/modules/{id}/subscription");
  expect(await change("PUT", 200)).toEqual(await change("PUT", 200));
  expect(await enabled()).toBe(before + 1);
  await change("DELETE", 204);
  expect(await enabled()).toBe(before);
  await change("DELETE", 404);
});

test("an export: started, done, and downloaded only by a link as it was signed, with the token", async () => {
  await ask("POST", "/exports", 202);
  const link = await exportLink(caller);
  await ask("GET", link.replace(/\/download.*/, ""), 200, undefined, "/exports/{id}");
  const statusOf = async (path: string, headers = {}) =>
    (await caller.send("GET", path, undefined, headers)).status;
  expect(await statusOf(link)).toBe(200);
  expect(await statusOf(link, { authorization: null })).toBe(401);
  expect(await statusOf(link.replace(/expires=\d+/, "expires=9999999999"))).toBe(403);
  expect(await statusOf(link.replace(/\?.*/, ""))).toBe(403);
});

test("an open stream of events does not hold up the end", async () => {
  const other = await startExample(example.database.url);
  const stop = new AbortController();
  await callerOf(other.base, await signIn(other.base, "harbor-rentals")).open("/events", stop.signal);
  expect(await other.stop()).toBe(0);
  stop.abort();
});
