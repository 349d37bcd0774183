import type { IncomingHttpHeaders } from "node:http";
import type { StaffMember } from "../data/rows.js";
import { badRequest } from "./problem.js";
import type { Reply } from "./reply.js";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request to a route that needs no login. */
export type OpenCall = {
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The parsed JSON body, undefined when there is none. */
  body: unknown;
};

/** A request of a logged-in member of staff. */
export type Call = OpenCall & { me: StaffMember; token: string };

export type Route =
  | { method: Method; path: string; open: true; handle: (call: OpenCall) => Reply }
  | { method: Method; path: string; open: false; handle: (call: Call) => Reply };

export type Match = { route: Route; params: Record<string, string> };

/** Routes in order of registration; `{name}` in a path takes one segment. */
export class Router {
  readonly routes: Route[] = [];

  /** A route for everyone, without a token. */
  open(method: Method, path: string, handle: (call: OpenCall) => Reply): void {
    this.routes.push({ method, path, open: true, handle });
  }

  get(path: string, handle: (call: Call) => Reply): void {
    this.routes.push({ method: "GET", path, open: false, handle });
  }

  post(path: string, handle: (call: Call) => Reply): void {
    this.routes.push({ method: "POST", path, open: false, handle });
  }

  put(path: string, handle: (call: Call) => Reply): void {
    this.routes.push({ method: "PUT", path, open: false, handle });
  }

  patch(path: string, handle: (call: Call) => Reply): void {
    this.routes.push({ method: "PATCH", path, open: false, handle });
  }

  delete(path: string, handle: (call: Call) => Reply): void {
    this.routes.push({ method: "DELETE", path, open: false, handle });
  }

  /** The routes of any method whose path fits. */
  matches(path: string): Match[] {
    return this.routes.flatMap((route) => {
      const params = matchPath(route.path, path);
      return params === undefined ? [] : [{ route, params }];
    });
  }
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index]!;
    if (segment.startsWith("{")) params[segment.slice(1, -1)] = decode(value);
    else if (segment !== value) return undefined;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest("The address is not encoded well.");
  }
}
