import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { listening } from "./listening.js";

/** One fault of the API, or something that is none and must not be taken for one. */
export type Switch =
  | "read: by id alone"
  | "list: no filter"
  | "change: by id alone"
  | "change: told as refused"
  | "change: ignored, with 200"
  | "bleed: the last answer of anybody"
  | "close: says nothing"
  | "create: text for JSON"
  | "create: half a JSON"
  | "noise: first GET of each path 500"
  | "noise: clocks"
  | "noise: numbers as ids"
  | "noise: plans of all tenants"
  | "noise: 404 for strangers"
  | "server: 500 to others"
  | "server: 429 for create"
  | "server: hangs at create"
  | "server: hangs at close";

export const orderTenants = [
  { id: "7c1e9a40-1111-4a6e-9d55-9f4c2f0d7a01", token: "token-of-a-5d20" },
  { id: "7c1e9a40-2222-4a6e-9d55-9f4c2f0d7a02", token: "token-of-b-91fe" },
  { id: "7c1e9a40-3333-4a6e-9d55-9f4c2f0d7a03", token: "token-of-c-c4aa" },
] as const;

export interface Order {
  readonly id: string | number;
  readonly tenantId: string;
  name: string;
  status: string;
}

export interface OrderApi {
  readonly base: string;
  readonly orders: () => readonly Order[];
  /** `POST /orders`, in the order in which they came. */
  readonly requests: () => readonly string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
}

/** An API of orders and a slow job for three tenants over real HTTP, with the switched faults. */
export async function startOrderApi(...switches: Switch[]): Promise<OrderApi> {
  const on = (each: Switch) => switches.includes(each);
  const orders: Order[] = [];
  const requests: string[] = [];
  const failedOnce = new Set<string>();
  const sessions = new Map<string, string>();
  const polls = new Map<string, number>();
  let last: unknown;

  const server = createServer((request, response) => {
    void answer(request).then((result) => {
      if (!result) return;
      const { status, body, text } = result;
      response.writeHead(status, {
        "content-type": text === undefined ? "application/json" : "text/html",
        // Longer than a client has patience for.
        ...(status === 429 ? { "retry-after": "60" } : {}),
      });
      response.end(text ?? (body === undefined ? "" : JSON.stringify(body)));
    });
  });

  async function answer(request: IncomingMessage): Promise<Answer | undefined> {
    const url = new URL(request.url!, "http://localhost");
    const body = await bodyOf(request);
    const route = `${request.method} ${url.pathname}`;
    requests.push(route);
    if (route === "POST /login") return signIn(body);
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    const tenant = orderTenants.find((each) => each.token === token)?.id ?? sessions.get(token);
    if (!tenant) return on("noise: 404 for strangers") ? hidden() : refusal(401, "Sign in first");
    if (request.headers["x-tenant-id"] !== tenant) return refusal(403, "Not your tenant");
    if (on("noise: first GET of each path 500") && request.method === "GET" && !failedOnce.has(route)) {
      failedOnce.add(route);
      return refusal(500, "try again");
    }
    if (url.pathname === "/plans") return plans(tenant);
    if (url.pathname.startsWith("/jobs")) return job(request.method!, url.pathname);
    if (!url.pathname.startsWith("/orders")) return refusal(404, "Not found");
    return resource(request.method!, url.pathname, tenant, body);
  }

  function signIn({ password, tenant }: Record<string, unknown>): Answer {
    if (password !== "a-password-9") return refusal(401, "Wrong");
    const token = `session-${randomUUID()}`;
    sessions.set(token, String(tenant));
    return { status: 200, body: { token, tenantId: tenant } };
  }

  function plans(tenant: string): Answer {
    const id = on("noise: plans of all tenants") ? "7c1e9a40-9999-4a6e-9d55-9f4c2f0d7aff" : tenant;
    return { status: 200, body: { items: [{ id, name: "standard" }] } };
  }

  /** Done when it is asked for the third time. */
  function job(method: string, path: string): Answer {
    if (method === "POST") return { status: 202, body: { id: randomUUID() } };
    const asked = (polls.get(path) ?? 0) + 1;
    polls.set(path, asked);
    return { status: 200, body: { status: asked >= 3 ? "DONE" : "PENDING" } };
  }

  function resource(
    method: string,
    path: string,
    tenant: string,
    body: Record<string, unknown>,
  ): Answer | undefined {
    const [, , id, action] = path.split("/");
    if (id === undefined) return method === "POST" ? create(tenant, body) : list(tenant);
    const order = orders.find((each) => String(each.id) === id);
    const isOwn = order?.tenantId === tenant;
    if (order && !isOwn && method === "PATCH" && on("change: ignored, with 200"))
      return { status: 200, body: { changed: 0 } };
    if (!order || (!isOwn && !mayReach(method))) return hidden();
    if (method === "GET") return { status: 200, body: shown(order) };
    if (method === "DELETE") {
      orders.splice(orders.indexOf(order), 1);
      return { status: 204 };
    }
    if (action === "close") {
      if (on("server: hangs at close")) return undefined;
      if (!on("close: says nothing")) order.status = "CLOSED";
    } else order.name = String(body.name);
    if (!isOwn && on("change: told as refused")) return hidden();
    return { status: 200, body: shown(order) };
  }

  function mayReach(method: string): boolean {
    return on("read: by id alone")
      ? method === "GET"
      : on("change: by id alone") || on("change: told as refused");
  }

  function hidden(): Answer {
    return on("server: 500 to others") ? refusal(500, "broken") : refusal(404, "Not found");
  }

  function create(tenant: string, body: Record<string, unknown>): Answer | undefined {
    if (on("server: hangs at create")) return undefined;
    if (on("server: 429 for create")) return refusal(429, "slower");
    if (body.name === undefined) return refusal(400, "name is missing");
    const id = on("noise: numbers as ids") ? orders.length + 1 : randomUUID();
    const order: Order = { id, tenantId: tenant, name: String(body.name), status: "OPEN" };
    orders.push(order);
    if (on("create: text for JSON")) return { status: 201, text: "<p>created</p>" };
    if (on("create: half a JSON")) return { status: 201, text: '{"id": "' };
    return { status: 201, body: shown(order) };
  }

  function list(tenant: string): Answer {
    if (on("bleed: the last answer of anybody") && last !== undefined) return { status: 200, body: last };
    const items = orders.filter((each) => on("list: no filter") || each.tenantId === tenant).map(shown);
    last = { items, total: items.length };
    return { status: 200, body: last };
  }

  function shown(order: Order) {
    return on("noise: clocks") ? { ...order, readAt: process.hrtime.bigint().toString() } : { ...order };
  }

  const { base, close } = await listening(server);
  return {
    base,
    orders: () => orders,
    requests: () => requests,
    close,
  };
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
