import { faultOfAnswer } from "./document.js";
import type { Method, Route } from "./http/router.js";
import type { StartedApi } from "./start.js";

export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  /** The envelope's data, undefined for files, errors and empty answers. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the route answers and asserts on it.
  data: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  json: any;
};

/** A logged-in user who sends requests; each answer has to keep to the OpenAPI document. */
export class Caller {
  readonly practiceId: string;
  /** The routes that answered this caller with 2xx. */
  readonly reached = new Set<string>();
  private readonly api: StartedApi;
  private readonly token: string;

  constructor(api: StartedApi, token: string, practiceId: string) {
    this.api = api;
    this.token = token;
    this.practiceId = practiceId;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("GET", path, undefined, headers);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.send("POST", path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send("PUT", path, body);
  }

  patch(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("PATCH", path, body, headers);
  }

  delete(path: string): Promise<Answer> {
    return this.send("DELETE", path);
  }

  async send(
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.api.url}${this.api.basePath}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const json = isJson ? JSON.parse(text) : undefined;
    this.check(method, path, response.status, json);
    return { status: response.status, headers: response.headers, text, json, data: json?.data };
  }

  private check(method: Method, path: string, status: number, json: unknown): void {
    const route = routeOf(this.api.routes, method, path.split("?")[0]!);
    if (route === undefined || status === 304) return;
    const fault = faultOfAnswer(method, route.path, status, json);
    if (fault !== undefined) throw new Error(fault);
    if (status >= 200 && status < 300) this.reached.add(`${method} ${route.path}`);
  }
}

/** Logs a seeded user of a practice in: the first one with the role. */
export async function callerOf(
  api: StartedApi,
  practiceId: string,
  role: "manager" | "vet" | "reception" = "manager",
): Promise<Caller> {
  const tenant = api.tenants.find(({ id }) => id === practiceId);
  const user = tenant?.users.find((candidate) => candidate.role === role);
  if (user === undefined) throw new Error(`${practiceId} has no ${role}.`);
  return new Caller(api, await api.logIn(user), practiceId);
}

function routeOf(routes: Route[], method: Method, path: string): Route | undefined {
  const given = path.split("/");
  return routes.find(({ method: routeMethod, path: pattern }) => {
    const wanted = pattern.split("/");
    const fits = wanted.every((segment, index) => segment.startsWith("{") || segment === given[index]);
    return routeMethod === method && wanted.length === given.length && fits;
  });
}
