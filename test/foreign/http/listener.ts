import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { StaffMember } from "../data/rows.js";
import { badRequest, notFound, Problem } from "./problem.js";
import { etagOf, type Reply } from "./reply.js";
import type { OpenCall, Router } from "./router.js";

export const BASE_PATH = "/api/v1";

const MAX_BODY_BYTES = 1_000_000;

/** Serves the router's routes below `/api/v1`. */
export function listenerFor(
  router: Router,
  findStaff: (token: string) => StaffMember | undefined,
): RequestListener {
  return async (request, response) => {
    const requestId = randomUUID();
    try {
      send(request, response, requestId, await answer(router, findStaff, request));
    } catch (error) {
      sendProblem(response, requestId, error);
    }
  };
}

async function answer(
  router: Router,
  findStaff: (token: string) => StaffMember | undefined,
  request: IncomingMessage,
): Promise<Reply> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (!url.pathname.startsWith(`${BASE_PATH}/`)) throw notFound();
  const matches = router.matches(url.pathname.slice(BASE_PATH.length));
  if (matches.length === 0) throw notFound();
  const match = matches.find(({ route }) => route.method === request.method);
  if (match === undefined) throw new Problem(405, "method_not_allowed", "This address has no such method.");
  const { route, params } = match;
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const me = findStaff(token);
  if (!route.open && me === undefined) throw new Problem(401, "unauthenticated", "Log in first.");
  const body = await readJson(request);
  const call: OpenCall = { params, query: url.searchParams, headers: request.headers, body };
  return route.open ? route.handle(call) : route.handle({ ...call, me: me!, token });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Problem(413, "too_large", "The body is larger than 1 MB.");
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  if (!(request.headers["content-type"] ?? "").startsWith("application/json"))
    throw new Problem(415, "unsupported_media_type", "Send application/json.");
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw badRequest("The body is not JSON.");
  }
}

function send(request: IncomingMessage, response: ServerResponse, requestId: string, reply: Reply): void {
  const headers: Record<string, string> = { "x-request-id": requestId, ...reply.headers };
  if (reply.file !== undefined) {
    headers["content-type"] = reply.file.mediaType;
    headers["content-disposition"] = `attachment; filename="${reply.file.name}"`;
    response.writeHead(reply.status, headers).end(reply.file.content);
    return;
  }
  if (reply.data === undefined) {
    response.writeHead(reply.status, headers).end();
    return;
  }
  headers.etag = etagOf(reply.data);
  if (request.method === "GET" && request.headers["if-none-match"] === headers.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  headers["content-type"] = "application/json; charset=utf-8";
  const meta = { requestId, servedAt: new Date().toISOString(), ...(reply.page && { page: reply.page }) };
  response.writeHead(reply.status, headers).end(JSON.stringify({ data: reply.data, meta }));
}

function sendProblem(response: ServerResponse, requestId: string, error: unknown): void {
  const problem =
    error instanceof Problem ? error : new Problem(500, "internal", "Something went wrong on our side.");
  const { status, code, message, details } = problem;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "x-request-id": requestId,
    ...(status === 401 && { "www-authenticate": "Bearer" }),
  });
  response.end(
    JSON.stringify({
      error: { code, message, ...(details.length > 0 && { details }) },
      meta: { requestId, servedAt: new Date().toISOString() },
    }),
  );
}
