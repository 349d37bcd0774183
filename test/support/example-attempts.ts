import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Leak } from "../../examples/divanco/src/config/leaks.js";
import type { Caller, Headers } from "./example-caller.js";

/** What an attacker of tenant A does to tenant B: true if A saw or changed something of B's. */
type Attempt = (a: Caller, b: Caller) => Promise<boolean>;

/** One attempt for each class of leaks, by hand: what LEAK plants, and nothing that tenantctl knows. */
export const ATTEMPTS: Record<Leak, Attempt> = {
  "read-by-id": async (a, b) => {
    const asset = await createAsset(b);
    return (await a.send("GET", `/assets/${asset.id}`)).text.includes(asset.name);
  },

  list: async (a, b) => {
    const client = await createClient(b);
    return (await a.send("GET", `/clients?search=${client.number}`)).text.includes(client.id);
  },

  "tenant-override": async (a, b) => {
    const { body } = await a.send("GET", `/contracts?tenantId=${b.tenantId}`);
    return belongsTo(body.items, b);
  },

  update: async (a, b) => {
    const client = await createClient(b);
    await a.send("PATCH", `/clients/${client.id}`, { name: "Changed by A" });
    return (await b.send("GET", `/clients/${client.id}`)).body.name !== client.name;
  },

  delete: async (a, b) => {
    const client = await createClient(b);
    await a.send("DELETE", `/clients/${client.id}`);
    return (await b.send("GET", `/clients/${client.id}`)).status === 404;
  },

  "create-into-tenant": async (a, b) => {
    const name = canary();
    await a.send("POST", "/supplies", { tenantId: b.tenantId, name, unit: "l" });
    return (await b.send("GET", `/supplies?search=${name}`)).body.total === 1;
  },

  "foreign-key-connect": async (a, b) => {
    const foreign = await createClient(b);
    return (await a.send("POST", "/quotations", await newQuotation(a, foreign.id))).status === 201;
  },

  "nested-include": async (a, b) => {
    const { body } = await a.send("GET", "/modules?include=tenants");
    return belongsTo(
      body.items.flatMap((module: { tenants: Row[] }) => module.tenants),
      b,
    );
  },

  "child-through-parent": async (a, b) => {
    const [own, foreign] = [await createQuotation(a), await createQuotation(b)];
    const [item] = foreign.items;
    const { text } = await a.send("GET", `/quotations/${own.id}/items/${item.id}`);
    return text.includes(item.description);
  },

  aggregate: async (a, b) => {
    const totals = async () => (await a.send("GET", "/reports/summary")).text;
    const before = await totals();
    await createAsset(b);
    return (await totals()) !== before;
  },

  "filter-oracle": async (a, b) => {
    const client = await createClient(b);
    await createQuotation(b, client.id);
    const answer = async (name: string) => (await a.send("GET", `/quotations?clientName=${name}`)).text;
    return (await answer(client.name)) !== (await answer(canary()));
  },

  "existence-oracle": async (a, b) => {
    const { id } = await createQuotation(b);
    const statusOf = async (quotation: string) => (await a.send("GET", `/quotations/${quotation}`)).status;
    return (await statusOf(id)) !== (await statusOf(randomUUID()));
  },

  "unique-conflict": async (a, b) => {
    const { number } = await createClient(b);
    return (await a.send("POST", "/clients", { ...newClient(), number })).status !== 201;
  },

  bulk: async (a, b) => {
    const { id } = await createAsset(b);
    const { text } = await a.send("POST", "/assets/bulk", { action: "archive", ids: [id] });
    const { status } = (await b.send("GET", `/assets/${id}`)).body;
    return text.includes(id) || status !== "AVAILABLE";
  },

  export: async (a, b) => {
    const { name } = await createClient(b);
    const { text } = await a.send("GET", "/clients/export");
    const background = await exported(a);
    const stolen = await a.send("GET", await exportLink(b));
    return [text, background, stolen.text].some((content) => content.includes(name));
  },

  "shared-cache": async (a, b) => {
    await b.send("PUT", `/modules/${SALES_MODULE}/subscription`);
    const warmed = await b.send("GET", "/modules/enabled");
    const { body } = await a.send("GET", "/modules/enabled");
    return warmed.body.items.length > 0 && belongsTo(body.items, b);
  },

  "tenant-missing": async (a, b) => {
    const attempts: Headers[] = ["", `${a.tenantId}, ${b.tenantId}`, null].map((tenant) => ({
      "x-tenant-id": tenant,
    }));
    for (const headers of attempts) {
      const { body } = await a.send("GET", "/supplies?pageSize=100", undefined, headers);
      if (belongsTo(body.items ?? [], b)) return true;
    }
    return false;
  },

  "context-bleed": async (a, b) => {
    const callers = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? a : b));
    const answers = await Promise.all(callers.map((caller) => caller.send("GET", "/contracts?pageSize=1")));
    return answers.some(({ body }, index) => body.items[0].tenantId !== callers[index]?.tenantId);
  },

  events: async (a, b) => {
    const stop = new AbortController();
    const stream = (await a.open("/events", stop.signal))[Symbol.asyncIterator]();
    await stream.next();
    const foreign = await createClient(b);
    const own = await createClient(a);
    let heard = "";
    while (!heard.includes(own.id)) heard += (await stream.next()).value;
    stop.abort();
    return heard.includes(foreign.id);
  },

  "error-text": async (a, b) => {
    const asset = await createAsset(b);
    const { status, text } = await a.send("POST", `/assets/${asset.id}/return`);
    return status >= 400 && text.includes(asset.name);
  },

  "sub-scope": async (a, b) => {
    const headers = { "x-business-unit-id": await businessUnit(b) };
    const { status, body } = await a.send("GET", "/assets", undefined, headers);
    if (status === 200) return belongsTo(body.items, b);
    if (status === 403 && body.error === "Business unit does not belong to your tenant") return false;
    throw new Error(`a foreign business unit was answered ${status}`);
  },
};

interface Row {
  readonly id: string;
  readonly tenantId: string;
}

/** The second of the catalogue: every tenant of the seed has it. */
const SALES_MODULE = "00000013-0000-4000-8000-000000000002";

const canary = () => `canary-${randomBytes(6).toString("hex")}`;

const belongsTo = (rows: readonly Row[], owner: Caller) =>
  rows.some(({ tenantId }) => tenantId === owner.tenantId);

async function created(caller: Caller, path: string, body: unknown) {
  const answer = await caller.send("POST", path, body);
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}

export const newClient = () => ({ number: canary(), name: canary(), email: "office@canary.example" });

export const newAsset = async (caller: Caller) => ({
  code: canary(),
  name: canary(),
  businessUnitId: await businessUnit(caller),
  dailyRate: "10",
});

export const newQuotation = async (caller: Caller, clientId: string) => ({
  clientId,
  businessUnitId: await businessUnit(caller),
  items: [{ description: canary(), quantity: 1, unitPrice: "10" }],
});

const createClient = (caller: Caller) => created(caller, "/clients", newClient());

const createAsset = async (caller: Caller) => created(caller, "/assets", await newAsset(caller));

async function createQuotation(caller: Caller, clientId?: string) {
  const client = clientId ?? (await createClient(caller)).id;
  return created(caller, "/quotations", await newQuotation(caller, client));
}

async function businessUnit(caller: Caller): Promise<string> {
  return (await caller.send("GET", "/business-units")).body.items[0].id;
}

/** Where the file of a new export is, once it is done. */
export async function exportLink(caller: Caller): Promise<string> {
  const { id } = (await caller.send("POST", "/exports")).body;
  for (;;) {
    const { status, download } = (await caller.send("GET", `/exports/${id}`)).body;
    if (status === "DONE") return download.replace("/api/v1", "");
    if (status !== "RUNNING") throw new Error(`the export is ${status}`);
    await sleep(20);
  }
}

async function exported(caller: Caller): Promise<string> {
  const { status, text } = await caller.send("GET", await exportLink(caller));
  if (status !== 200) throw new Error(`the download was answered ${status}`);
  return text;
}
