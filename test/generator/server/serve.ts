import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { GeneratedApi, Leak } from "../description.js";
import { documentOf } from "../document.js";
import { spell } from "../fields.js";
import { type Operation, operationsOf } from "../operations.js";
import { randomOf } from "../random.js";
import { dispatcher } from "./dispatch.js";
import { signedFile } from "./exports.js";
import { refuse } from "./refusals.js";
import { type Answer, type ServerState, type Tenant, tableOf } from "./state.js";
import { filledTables, type Scope } from "./store.js";

/** A generated API that listens, and what a check of it has to know. */
export interface ServedApi {
  /** Absolute, prefix included, no slash at its end. */
  readonly url: string;
  readonly openapi: object;
  /** Where the same document is served. */
  readonly openapiUrl: string;
  readonly tenants: { readonly a: Pick<Tenant, "id" | "token">; readonly b: Pick<Tenant, "id" | "token"> };
  readonly binding: {
    readonly tokenHeader: string;
    readonly tokenScheme: string;
    readonly tenantHeader: string | undefined;
  };
  /** A tenant's first unit is that of its token; each unit has a user of its own. */
  readonly subScopes:
    | { readonly header: string; readonly a: Tenant["units"]; readonly b: Tenant["units"] }
    | undefined;
  /** Names under which a body may hold the tenant. */
  readonly tenantFields: readonly string[];
  /** Paths, as the document spells them, whose answers are the same for every tenant by design. */
  readonly shared: readonly string[];
  readonly leak: Leak | undefined;
  /** Objects that are there, of all resources, without what was deleted softly. */
  rows(): number;
  close(): Promise<void>;
}

/** Random failures in a row: a request that fails three times is rightly reported. */
const mostLost = 2;

/** Serves a description on a loopback port. Rows stand in memory; each server begins with the same ones. */
export async function serveApi(api: GeneratedApi): Promise<ServedApi> {
  const state = stateOf(api);
  const routes = operationsOf(api).map((operation) => ({ operation, pattern: patternOf(api, operation) }));
  const answer = dispatcher(state);
  const isLimited = limiter(api.noise.rateLimit);
  const openapi: object[] = [];
  let lost = 0;

  const server = createServer((request, response) => {
    respond(request)
      .catch((error: unknown): Answer => {
        process.stderr.write(`generated API ${api.seed}: ${(error as Error).stack}\n`);
        return refuse(state, 500, "Unexpected");
      })
      .then((found) => send(state, request, response, found));
  });

  async function respond(request: IncomingMessage): Promise<Answer> {
    const target = request.url!;
    const { pathname, searchParams: query } = new URL(target, state.url);
    const body = await bodyOf(request);
    if (pathname === `${api.prefix}/openapi.json`) return { status: 200, body: openapi[0] };
    const file = `${api.prefix}/files/`;
    if (pathname.startsWith(file))
      return signedFile(state, decodeURIComponent(pathname.slice(file.length)), query);
    const token = String(request.headers[api.token.header.toLowerCase()]);
    if (isLimited(token)) return { ...refuse(state, 429, "Slow down"), headers: { "retry-after": "1" } };
    const isLost = state.random.chance(api.noise.failures) && lost < mostLost;
    lost = isLost ? lost + 1 : 0;
    if (isLost) return refuse(state, 500, "A connection was lost");
    const matching = routes.flatMap(({ operation, pattern }) => {
      const groups = operation.method === request.method ? pattern.exec(pathname)?.slice(1) : undefined;
      return groups ? [{ operation, groups }] : [];
    });
    if (!matching[0]) return refuse(state, 404, "No such route");
    const { operation, groups } = matching[0];
    const parameters = Object.fromEntries(
      namesIn(operation).map((name, index) => [name, decodeURIComponent(groups[index]!)]),
    );
    if (body === invalidJson) return refuse(state, 400, "The body is no JSON");
    return answer({ operation, parameters, query, headers: request.headers, body, target });
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${api.prefix}`;
  openapi.push(documentOf(api, state.url));
  return {
    url: state.url,
    openapi: openapi[0]!,
    openapiUrl: `${state.url}/openapi.json`,
    leak: api.leak,
    ...accessOf(state),
    rows: () =>
      api.resources
        .flatMap(({ singular }) => tableOf(state, singular).present())
        .filter(({ versions }) => versions.at(-1)?.values?.deletedAt === undefined).length,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function stateOf(api: GeneratedApi): ServerState {
  const random = randomOf(api.seed, "server");
  const [a, b] = [tenantOf(api, "Harbour Rentals"), tenantOf(api, "Northwind Supplies")];
  const scopes = [a, b].flatMap(({ id, units }): Scope[] =>
    (units.length === 0 ? [undefined] : units).map((unit) => ({ tenant: id, unit: unit?.id })),
  );
  const changes = new EventEmitter();
  changes.setMaxListeners(0);
  return {
    ...{ api, random, changes, tenants: [a, b], tables: filledTables(api, scopes, random) },
    ...{ history: [], jobs: new Map(), webhooks: new Map(), cache: new Map(), url: "" },
  };
}

function tenantOf({ subScope }: GeneratedApi, name: string): Tenant {
  const token = randomUUID();
  const units = subScope
    ? [
        { id: randomUUID(), token },
        { id: randomUUID(), token: randomUUID() },
      ]
    : [];
  return { id: randomUUID(), name, token, units };
}

function accessOf({ api, tenants }: ServerState) {
  const [a, b] = tenants as [Tenant, Tenant];
  const only = ({ id, token }: Tenant) => ({ id, token });
  return {
    tenants: { a: only(a), b: only(b) },
    binding: {
      tokenHeader: api.token.header,
      tokenScheme: api.token.scheme,
      tenantHeader: api.tenancy.header,
    },
    subScopes: api.subScope && { header: api.subScope.header, a: a.units, b: b.units },
    tenantFields: [spell(api, api.tenancy.field)],
    shared: operationsOf(api)
      .filter(({ kind }) => kind === "catalogue")
      .map(({ path }) => path),
  };
}

function namesIn({ path }: Operation): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!);
}

/** Routes without names in them come first in the list, so `/invoices/export` is no id. */
function patternOf({ prefix, hasTrailingSlash }: GeneratedApi, { path }: Operation): RegExp {
  const pattern = path.replace(/\/$/, "").replace(/\{[^}]+\}/g, "([^/]+)");
  return new RegExp(`^${prefix}${pattern}${hasTrailingSlash ? "/" : "/?"}$`);
}

const invalidJson = Symbol("invalid JSON");

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += chunk;
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return invalidJson;
  }
}

function limiter(limit: number): (token: string) => boolean {
  const windows = new Map<string, number>();
  return (token) => {
    if (limit === 0) return false;
    const key = `${token} ${Math.floor(Date.now() / 1000)}`;
    const count = 1 + (windows.get(key) ?? 0);
    windows.set(key, count);
    return count > limit;
  };
}

function send(
  { api }: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): void {
  const text =
    typeof answer.body === "string"
      ? answer.body
      : answer.body === undefined
        ? ""
        : JSON.stringify(answer.body);
  const jsonType = api.envelope === "json-api" ? "application/vnd.api+json" : "application/json";
  const headers: Record<string, string> = {
    ...(answer.body === undefined && !answer.stream ? {} : { "content-type": answer.type ?? jsonType }),
    ...(api.noise.requestIds ? { "x-request-id": randomUUID() } : {}),
    ...answer.headers,
  };
  if (answer.stream) {
    response.writeHead(answer.status, headers);
    const end = answer.stream((line) => void response.write(line));
    response.on("close", end);
    return;
  }
  const { bytes, encoding } = compressed(api, request, text);
  if (encoding) headers["content-encoding"] = encoding;
  response.writeHead(answer.status, headers);
  response.end(bytes);
}

/** As servers compress on the fly; brotli's default is for files. */
const quickly = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

function compressed({ noise }: GeneratedApi, { headers }: IncomingMessage, text: string) {
  const accepted = String(headers["accept-encoding"] ?? "");
  if (!noise.compression || text === "") return { bytes: text, encoding: undefined };
  if (/\bbr\b/.test(accepted)) return { bytes: brotliCompressSync(text, quickly), encoding: "br" };
  if (/\bgzip\b/.test(accepted)) return { bytes: gzipSync(text), encoding: "gzip" };
  return { bytes: text, encoding: undefined };
}
