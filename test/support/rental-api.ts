import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listening } from "./listening.js";

/** One fault of the API, or something that is none and must not be taken for one. */
export type Switch =
  | "list: no filter"
  | "list: no filter, no tenant in a row"
  | "list: no filter, no tenant, and each row signed"
  | "read: by id alone"
  | "read: by id alone, as text"
  | "override: header wins"
  | "override: query wins"
  | "missing: no header, no filter"
  | "missing: empty header, no filter"
  | "missing: first of two headers"
  | "missing: nobody needs a token"
  | "cache: by url"
  | "cache: by path"
  | "bleed: module variable"
  | "existence: 403 for what exists"
  | "error: text names the row"
  | "denial: 404 for a foreign header"
  | "server: 500 for a foreign header"
  | "noise: clocks and request ids"
  | "noise: random order"
  | "noise: echoes the request"
  | "noise: data says error"
  | "noise: same row for both"
  | "noise: the other tenant is empty"
  | "noise: rows say no tenant"
  | "noise: numeric ids of both"
  | "noise: 1 % random 500"
  | "noise: 200 with an error body"
  | "noise: html for errors"
  | "noise: header is ignored"
  | "noise: 429 now and then"
  | "noise: gzip";

export interface Asset {
  readonly id: string;
  readonly tenantId?: string;
  readonly name: string;
  readonly serialNumber: string;
}

export const tenantA = { id: "0a51c7b0-1111-4a6e-9d55-9f4c2f0d7a01", token: "token-of-a-8f41" };
export const tenantB = { id: "0b9e3d52-2222-4c1f-8a77-3d1b6e5c4b02", token: "token-of-b-c703" };
const tenants = [tenantA, tenantB];

export interface RentalApi {
  readonly base: string;
  readonly url: string;
  readonly requests: () => number;
  close(): Promise<void>;
}

/** An API of assets for two tenants over real HTTP, with at most one fault switched on. */
export async function startRentalApi(...switches: Switch[]): Promise<RentalApi> {
  const on = (each: Switch) => switches.includes(each);
  const rows = new Map(tenants.map(({ id }, index) => [id, assetsOf(id, index, on)]));
  const cache = new Map<string, unknown>();
  let current = "";
  let count = 0;

  const server = createServer((request, response) => {
    count += 1;
    void answer(request).then(({ status, body }) => send(response, status, body));
  });

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const url = new URL(request.url!, "http://localhost");
    if (on("noise: 1 % random 500") && count % 50 === 0) return refusal(500, "try again");
    if (on("noise: 429 now and then") && count % 40 === 0) return refusal(429, "slower");
    const own = tenants.find(({ token }) => request.headers.authorization === `Bearer ${token}`)?.id;
    if (!own && !on("missing: nobody needs a token")) return refusal(401, "Sign in first");
    const tenant = tenantOf(request, url, own);
    if (typeof tenant !== "string") return tenant;
    const [, , id] = url.pathname.split("/");
    if (id !== undefined) return item(tenant, decodeURIComponent(id));
    if (on("cache: by url") || on("cache: by path")) {
      const key = on("cache: by path") ? url.pathname : request.url!;
      if (!cache.has(key)) cache.set(key, await list(tenant, url));
      return { status: 200, body: cache.get(key) };
    }
    return { status: 200, body: await list(tenant, url) };
  }

  /** The tenant whose rows are meant, or a refusal. */
  function tenantOf(
    request: IncomingMessage,
    url: URL,
    own = tenantA.id,
  ): string | { status: number; body: unknown } {
    const said = request.headersDistinct["x-tenant-id"] ?? [];
    if (on("override: header wins") && said[0]) return said[0];
    if (on("override: query wins") && url.searchParams.get("tenantId"))
      return url.searchParams.get("tenantId")!;
    if (on("missing: no header, no filter") && said.length === 0) return "*";
    if (on("missing: empty header, no filter") && said[0] === "") return "*";
    if (on("missing: first of two headers") && said.length > 1) return said[0]!;
    if (on("noise: header is ignored")) return own;
    if (said.every((each) => each === own)) return own;
    if (on("server: 500 for a foreign header")) return refusal(500, "unexpected");
    return refusal(on("denial: 404 for a foreign header") ? 404 : 403, "X-Tenant-ID is not your tenant");
  }

  async function list(tenant: string, url: URL): Promise<unknown> {
    current = tenant;
    if (on("bleed: module variable")) await sleep(Math.random() * 3);
    const meant = on("bleed: module variable") ? current : tenant;
    const isSigned = on("list: no filter, no tenant, and each row signed");
    const isOpen =
      meant === "*" || on("list: no filter") || on("list: no filter, no tenant in a row") || isSigned;
    const found = isOpen ? [...rows.values()].flat() : (rows.get(meant) ?? []);
    const items = isSigned
      ? found.map((row) => ({ ...row, tenantId: undefined, url: `/files/${Math.random()}` }))
      : found;
    return {
      items: on("noise: random order") ? [...items].sort(() => Math.random() - 0.5) : items,
      total: items.length,
      ...(on("noise: clocks and request ids")
        ? { servedAt: new Date().toISOString().slice(0, 19), requestId: `req-${Math.random()}` }
        : {}),
      ...(on("noise: echoes the request")
        ? { query: url.search, tenant: url.searchParams.get("tenantId") }
        : {}),
    };
  }

  function item(tenant: string, id: string): { status: number; body: unknown } {
    const own = rows.get(tenant)?.find((row) => row.id === id);
    if (own) return { status: 200, body: own };
    const foreign = [...rows.values()].flat().find((row) => row.id === id);
    if (foreign && on("read: by id alone")) return { status: 200, body: foreign };
    if (foreign && on("read: by id alone, as text"))
      return { status: 200, body: `asset ${foreign.name}, serial ${foreign.serialNumber}` };
    if (foreign && on("existence: 403 for what exists")) return refusal(403, "not yours");
    if (foreign && on("error: text names the row"))
      return refusal(404, `${foreign.name} belongs to someone else`);
    return refusal(404, on("noise: echoes the request") ? `no asset ${id}` : "Not found");
  }

  function refusal(status: number, message: string): { status: number; body: unknown } {
    if (on("noise: html for errors"))
      return { status, body: `<html><body><h1>${message}</h1></body></html>` };
    const isHidden = on("noise: 200 with an error body") && status >= 400 && status < 500;
    return { status: isHidden ? 200 : status, body: { error: message } };
  }

  async function send(response: ServerResponse, status: number, body: unknown): Promise<void> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.statusCode = status;
    response.setHeader("content-type", typeof body === "string" ? "text/html" : "application/json");
    if (status === 429) response.setHeader("retry-after", "0");
    if (!on("noise: gzip")) return void response.end(text);
    const { gzipSync } = await import("node:zlib");
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(text));
  }

  const { base, close } = await listening(server);
  return {
    base,
    url: `${base}/assets`,
    requests: () => count,
    close,
  };
}

function assetsOf(tenantId: string, index: number, on: (each: Switch) => boolean): Asset[] {
  if (index === 1 && on("noise: the other tenant is empty")) return [];
  const noun = on("noise: data says error") ? "error: forbidden lift" : "Scissor lift";
  const own = Array.from({ length: 5 }, (_, number): Asset => {
    const id = on("noise: numeric ids of both")
      ? String(number + 1)
      : `${"ab"[index]}5e7000${number}-7c1d-4e2f-9a3b-5d6e7f8091a${index}`;
    const isSilent =
      on("list: no filter, no tenant in a row") ||
      on("noise: same row for both") ||
      on("noise: rows say no tenant");
    return {
      id,
      ...(isSilent ? {} : { tenantId }),
      name: `${noun} ${["north", "south"][index]} ${number}`,
      serialNumber: `SN-${index}-${number * 7919}`,
    };
  });
  const shared = {
    id: "c0ffee00-0000-4000-8000-000000000001",
    name: "Standard contract",
    serialNumber: "STD-000001",
  };
  return on("noise: same row for both") ? [...own, shared] : own;
}
