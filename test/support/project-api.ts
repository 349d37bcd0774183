import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listening } from "./listening.js";
import { tenantA, tenantB } from "./rental-api.js";

/** One fault of an API that also writes, or something that is none. */
export type Fault =
  | "update: by id alone"
  | "update: by id alone, and says 404"
  | "delete: by id alone"
  | "delete: soft, by id alone"
  | "create: tenant of the body"
  | "create: tenant of the header"
  | "connect: any project"
  | "totals: of all tenants"
  | "list: the third page of all"
  | "history: by id alone"
  | "act: by id alone"
  | "override: the path's tenant"
  | "shape: tenant in the path"
  | "noise: late"
  | "noise: no delete"
  | "noise: slow delete"
  | "noise: delete says yes and does not"
  | "shape: ids count per tenant"
  | "shape: the answer names somebody else first"
  | "shape: slashes at the end";

interface Row {
  id: string;
  tenantId: string;
  name: string;
  [key: string]: unknown;
}

const tenants = [tenantA, tenantB];
const pageSize = 20;

/** Projects and their tasks, with an OpenAPI document, over real HTTP. */
export async function startProjectApi(...faults: Fault[]) {
  const on = (fault: Fault) => faults.includes(fault);
  const projects: Row[] = seeded(25, on("shape: ids count per tenant"));
  const tasks: Row[] = [];
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  });

  async function answer(request: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const url = new URL(request.url!, "http://localhost");
    if (url.pathname === "/openapi.json") return { status: 200, body: documentOf(on) };
    if (url.pathname === "/login") return logIn((await bodyOf(request)) ?? {});
    const own = tenants.find(({ token }) => request.headers.authorization === `Bearer ${token}`)?.id;
    if (!own) return { status: 401, body: { error: "Sign in first" } };
    const isInPath = on("shape: tenant in the path");
    const parts = url.pathname.split("/");
    const pathTenant = isInPath ? parts.splice(1, 2)[1] : own;
    if (pathTenant !== own && !on("override: the path's tenant"))
      return { status: 403, body: { error: "not your tenant" } };
    const said = request.headers["x-tenant-id"] ?? own;
    const body = await bodyOf(request);
    const [, kind, id, action] = parts.map((part) => (part === "" ? undefined : part));
    const isCreation = request.method === "POST" && id === undefined;
    if (said !== own && !(on("create: tenant of the header") && isCreation))
      return { status: 403, body: { error: "not your tenant" } };
    if (kind === "stats") return { status: 200, body: stats(own) };
    const tenant = pathTenant ?? own;
    const rows = kind === "projects" ? projects : kind === "tasks" ? tasks : undefined;
    if (!rows) return { status: 404, body: { error: "no such route" } };
    if (isCreation) return create(kind!, rows, own, String(said), body ?? {});
    if (id === undefined) return { status: 200, body: list(rows, tenant, url) };
    return one(rows, own, decodeURIComponent(id), action, request.method!, body ?? {});
  }

  function logIn({ user, password }: Record<string, unknown>) {
    const index = ["anna", "bert"].indexOf(String(user));
    const tenant = password === "open sesame" ? tenants[index] : undefined;
    return tenant
      ? { status: 200, body: { session: { token: tenant.token }, tenant: tenant.id } }
      : { status: 401, body: { error: `no such user, or not the password ${password}` } };
  }

  async function create(kind: string, rows: Row[], own: string, said: string, body: Record<string, unknown>) {
    if (typeof body.name !== "string") return { status: 400, body: { error: "name is missing" } };
    if (kind === "tasks") {
      const parent = projects.find(({ id }) => id === body.projectId);
      if (!parent || (parent.tenantId !== own && !on("connect: any project")))
        return { status: 404, body: { error: "no such project" } };
    }
    const tenantId = on("create: tenant of the body")
      ? String(body.tenantId ?? own)
      : on("create: tenant of the header")
        ? said
        : own;
    const number = 1 + rows.filter((each) => each.tenantId === tenantId).length;
    const row = {
      ...body,
      id: on("shape: ids count per tenant") ? String(number) : randomUUID(),
      tenantId,
      name: body.name,
      status: "open",
    };
    if (on("noise: late")) void sleep(200).then(() => rows.push(row));
    else rows.push(row);
    const first = projects[0]!;
    return {
      status: 201,
      body: on("shape: the answer names somebody else first") ? { owner: { id: first.id }, made: row } : row,
    };
  }

  function list(rows: Row[], own: string, url: URL) {
    const page = Number(url.searchParams.get("page") ?? 1);
    const mine = rows.filter(({ tenantId, deletedAt }) => tenantId === own && !deletedAt);
    const start = (page - 1) * pageSize;
    const slice = mine.slice(start, start + pageSize);
    const isLeaky = on("list: the third page of all") && page === 2 && rows === projects;
    return { data: isLeaky ? rows.slice(-pageSize) : slice, meta: { page } };
  }

  async function one(
    rows: Row[],
    own: string,
    id: string,
    action: string | undefined,
    method: string,
    body: Record<string, unknown>,
  ) {
    const isShared = on("shape: ids count per tenant");
    const row = rows.find(
      (each) => each.id === id && !each.deletedAt && (!isShared || each.tenantId === own),
    );
    const isOwn = row?.tenantId === own;
    const missing = { status: 404, body: { error: "Not found" } };
    if (!row) return missing;
    if (action === "history")
      return isOwn || on("history: by id alone")
        ? { status: 200, body: { entries: [{ text: `created ${row.name}` }] } }
        : missing;
    if (action === "close") {
      if (!isOwn && !on("act: by id alone")) return missing;
      row.status = "closed";
      return { status: 200, body: row };
    }
    if (method === "GET") return isOwn ? { status: 200, body: row } : missing;
    if (method === "PATCH") {
      const isOpen = on("update: by id alone") || on("update: by id alone, and says 404");
      if (!isOwn && !isOpen) return missing;
      Object.assign(row, { name: body.name ?? row.name });
      return isOwn || on("update: by id alone") ? { status: 200, body: row } : missing;
    }
    if (method === "DELETE") {
      if (!isOwn && !on("delete: by id alone") && !on("delete: soft, by id alone")) return missing;
      if (on("noise: delete says yes and does not")) return { status: 200, body: { success: false } };
      if (on("noise: slow delete")) await sleep(300);
      if (on("delete: soft, by id alone")) row.deletedAt = new Date().toISOString();
      else rows.splice(rows.indexOf(row), 1);
      return { status: 204 };
    }
    return { status: 405, body: { error: "no" } };
  }

  function stats(own: string) {
    const counted = on("totals: of all tenants")
      ? projects
      : projects.filter(({ tenantId }) => tenantId === own);
    return {
      projects: counted.filter(({ deletedAt }) => !deletedAt).length,
      uptime: Math.round(process.uptime() * 1000),
    };
  }

  const { base, close } = await listening(server);
  return {
    base,
    openapi: `${base}/openapi.json`,
    names: () => projects.map(({ name }) => name).sort(),
    /** From now on. */
    turnOn: (fault: Fault) => void faults.push(fault),
    rows: () => [...projects, ...tasks].filter(({ deletedAt }) => !deletedAt).length,
    close,
  };
}

/** Ids that count per tenant: A has many more rows, so that each new id of B's is one of A's too. */
function seeded(each: number, isCounted: boolean): Row[] {
  return tenants.flatMap(({ id: tenantId }, index) =>
    Array.from({ length: isCounted && index === 0 ? 8 * each : each }, (_, number) => ({
      id: isCounted ? String(number + 1) : randomUUID(),
      tenantId,
      name: `Project ${index}-${number}`,
      status: "open",
    })),
  );
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>);
}

function documentOf(on: (fault: Fault) => boolean) {
  const json = (schema: object) => ({ content: { "application/json": { schema } } });
  const ok = { 200: { description: "Done", ...json({ type: "object" }) } };
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const page = { name: "page", in: "query", schema: { type: "integer" } };
  const item = (name: string) => ({
    get: { responses: ok },
    patch: { requestBody: json(ref(name)), responses: ok },
    ...(on("noise: no delete") ? {} : { delete: { responses: { 204: { description: "Gone" } } } }),
  });
  const collection = (name: string) => ({
    get: { parameters: [page], responses: ok },
    post: { requestBody: json(ref(name)), responses: { 201: { description: "Made" } } },
  });
  const text = { type: "string", maxLength: 100 };
  return {
    openapi: "3.1.0",
    info: { title: "Projects", version: "1" },
    security: [{ bearer: [] }],
    paths: placed(on, {
      "/projects": collection("Project"),
      "/projects/{projectId}": item("Project"),
      "/projects/{projectId}/history": { get: { responses: ok } },
      "/projects/{projectId}/close": { post: { responses: ok } },
      "/tasks": collection("Task"),
      "/tasks/{taskId}": item("Task"),
      "/stats": { get: { responses: ok } },
    }),
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: {
        Project: { type: "object", required: ["name"], properties: { name: text, parent: ref("Project") } },
        Task: {
          type: "object",
          required: ["name", "projectId"],
          properties: {
            name: text,
            projectId: { type: "string", format: "uuid" },
            due: { type: "string", format: "date" },
          },
        },
      },
    },
  };
}

function placed(on: (fault: Fault) => boolean, paths: Record<string, object>): Record<string, object> {
  if (on("shape: slashes at the end"))
    return Object.fromEntries(Object.entries(paths).map(([path, item]) => [`${path}/`, item]));
  if (!on("shape: tenant in the path")) return paths;
  return Object.fromEntries(Object.entries(paths).map(([path, item]) => [`/t/{tenantId}${path}`, item]));
}
