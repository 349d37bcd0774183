/**
 * An API of 100 routes for two tenants, in a process of its own: `node isolation-server.mjs LATENCY`, in
 * milliseconds a request. It prints its base URL.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const latency = Number(process.argv[2] ?? 0);
const names = Array.from({ length: 20 }, (_, index) => `things${String.fromCharCode(97 + index)}`);
const tenants = { "token-a": "tenant-a-8f41", "token-b": "tenant-b-c703" };
const tables = new Map(names.map((name) => [name, seeded(name)]));
const pageSize = 20;

function seeded(name) {
  const rows = Object.values(tenants).flatMap((tenantId) =>
    Array.from({ length: 25 }, (_, index) => ({
      id: randomUUID(),
      tenantId,
      name: `${name} ${index}`,
      rank: index,
    })),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

const server = createServer(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += chunk;
  if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
  const { status, body } = answer(request, text);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? "" : JSON.stringify(body));
});

function answer(request, text) {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/openapi.json") return { status: 200, body: documentOf() };
  const tenantId = tenants[request.headers.authorization?.replace("Bearer ", "")];
  if (!tenantId) return { status: 401, body: { error: "sign in" } };
  const said = request.headers["x-tenant-id"];
  if (said !== undefined && said !== tenantId) return { status: 403, body: { error: "not yours" } };
  const [, name, id] = url.pathname.split("/");
  const table = tables.get(name);
  if (!table) return { status: 404, body: { error: "no such route" } };
  if (id === undefined)
    return request.method === "POST" ? create(table, tenantId, text) : list(table, tenantId, url);
  const row = table.get(id);
  if (row?.tenantId !== tenantId) return { status: 404, body: { error: "not found" } };
  if (request.method === "PATCH") Object.assign(row, { name: JSON.parse(text).name ?? row.name });
  if (request.method !== "DELETE") return { status: 200, body: row };
  table.delete(id);
  return { status: 204 };
}

function create(table, tenantId, text) {
  const row = { ...JSON.parse(text), id: randomUUID(), tenantId };
  table.set(row.id, row);
  return { status: 201, body: row };
}

function list(table, tenantId, url) {
  const page = Number(url.searchParams.get("page") ?? 1);
  const rows = [...table.values()].filter((row) => row.tenantId === tenantId);
  const items = rows.slice((page - 1) * pageSize, page * pageSize);
  return { status: 200, body: { items, total: rows.length } };
}

function documentOf() {
  const ok = { responses: { 200: { description: "Done", content: { "application/json": {} } } } };
  const body = (required) => ({
    requestBody: {
      content: {
        "application/json": {
          schema: {
            type: "object",
            required,
            properties: { name: { type: "string" }, rank: { type: "integer" } },
          },
        },
      },
    },
  });
  const page = { parameters: [{ name: "page", in: "query", schema: { type: "integer" } }] };
  const paths = names.flatMap((name) => [
    [`/${name}`, { get: { ...ok, ...page }, post: { ...ok, ...body(["name"]) } }],
    [`/${name}/{id}`, { get: ok, patch: { ...ok, ...body([]) }, delete: ok }],
  ]);
  return { openapi: "3.1.0", info: { title: "Things", version: "1" }, paths: Object.fromEntries(paths) };
}

server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
