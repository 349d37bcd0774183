import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiCheck, checkApi } from "../../src/isolation/index.js";
import { tenantA, tenantB } from "./rental-api.js";

export interface Row {
  id: string;
  tenantId: string;
  [key: string]: unknown;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
  readonly tenantId: string;
  readonly isViewer: boolean;
  readonly rows: Row[];
}

export type Answer = { status: number; body?: unknown; location?: string } | undefined;

const tenants = [tenantA, tenantB];
/** The tenant's usual user, and one of a role. */
export const admin = { name: "a", tenantId: tenantA.id, token: tenantA.token };
export const viewer = { name: "a (viewer)", tenantId: tenantA.id, token: "token-of-a-viewer" };

export const json = (schema: object) => ({ content: { "application/json": { schema } } });
export const ok = { responses: { 200: { description: "Done", ...json({ type: "object" }) } } };
export const named = { type: "object", required: ["name"], properties: { name: { type: "string" } } };
const usual = {
  "/things": { get: ok, post: { ...ok, requestBody: json(named) } },
  "/things/{thingId}": { get: ok, delete: ok },
};

/**
 * Checks an API of things for two tenants, with rows that were there before, and routes of its own.
 *
 * @param paths of its document, beside the usual ones or in their place
 * @param own what it answers in its own way; undefined where it answers in the usual one
 * @param isOpen a path that is answered in its own way without a token too
 */
export async function checkThings(
  paths: object,
  own: (call: Call) => Answer,
  options: Partial<Pick<ApiCheck, "subScope" | "isReadOnly" | "attacker" | "creator">> = {},
  isOpen: (path: string) => boolean = () => false,
) {
  const rows: Row[] = tenants.flatMap(({ id: tenantId }) =>
    ["one", "two"].map((name) => ({ id: randomUUID(), tenantId, name, role: "admin" })),
  );
  const before = JSON.stringify(rows);
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url!, "http://localhost");
    const { headers } = request;
    const isViewer = headers.authorization === `Bearer ${viewer.token}`;
    const tenantId = isViewer
      ? viewer.tenantId
      : tenants.find(({ token }) => headers.authorization === `Bearer ${token}`)?.id;
    const body = text === "" ? {} : JSON.parse(text);
    const call = {
      ...{ method: request.method!, path: url.pathname, query: url.searchParams, headers, body, rows },
      ...{ tenantId: tenantId!, isViewer },
    };
    const answer =
      url.pathname === "/openapi.json"
        ? { status: 200, body: { openapi: "3.1.0", paths: { ...usual, ...paths } } }
        : tenantId === undefined && !isOpen(call.path)
          ? { status: 401, body: { error: "sign in" } }
          : (own(call) ?? things(call));
    const { status, location } = answer as NonNullable<Answer>;
    response.writeHead(status, { "content-type": "application/json", ...(location ? { location } : {}) });
    response.end(answer?.body === undefined ? "" : JSON.stringify(answer.body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { drafts, facts } = await checkApi({
      ...{ openapi: `${base}/openapi.json`, baseUrl: base, tenantFields: ["tenantId"], shared: [] },
      attacker: admin,
      victim: { name: "b", tenantId: tenantB.id, token: tenantB.token },
      binding: { tenantHeader: undefined, tokenHeader: "Authorization", tokenScheme: "Bearer" },
      http: { connections: 16, timeout: 5000, bodyLimit: 2 ** 20 },
      ...{
        isReadOnly: () => false,
        stateFolder: mkdtempSync(join(tmpdir(), "tenantctl-things-")),
        run: "things",
      },
      ...options,
    });
    const known = JSON.parse(before) as Row[];
    const still = rows.filter(({ id }) => known.some((each) => each.id === id));
    const matrix = facts.matrix as { route: string; label: string; outcome: string; reason?: string }[];
    return { drafts, facts, matrix, isUnharmed: JSON.stringify(still) === before };
  } finally {
    server.close().closeAllConnections();
  }
}

/** What the usual routes answer: things of the caller's tenant only. */
export function things({ method, path, body, tenantId, rows }: Call): NonNullable<Answer> {
  const [, kind, id] = path.split("/");
  if (kind !== "things") return { status: 404, body: { error: "no such route" } };
  if (id === undefined && method === "GET")
    return { status: 200, body: { items: rows.filter((row) => row.tenantId === tenantId) } };
  if (id === undefined) {
    const row = { ...body, id: randomUUID(), tenantId };
    rows.push(row);
    return { status: 201, body: row };
  }
  const row = rows.find((each) => each.id === id && each.tenantId === tenantId);
  if (!row) return { status: 404, body: { error: "not found" } };
  if (method === "DELETE") rows.splice(rows.indexOf(row), 1);
  return method === "DELETE" ? { status: 204 } : { status: 200, body: row };
}

export const removeAll = (rows: Row[], isMeant: (row: Row) => boolean) => {
  for (const row of rows.filter(isMeant)) rows.splice(rows.indexOf(row), 1);
};
