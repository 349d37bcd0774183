import { randomInt } from "node:crypto";
import type { HttpRequest } from "../adapters/http/message.js";
import { resolveSecret } from "../config/secret.js";
import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";
import { type Actor, type Binding, requestOf } from "../isolation/index.js";
import { type LoadPlan, type ModeSwitch, orderOf, type Side, type Target } from "../load/index.js";
import { requireWebAddress } from "./web-address.js";

export interface LoadFlags {
  readonly routes?: readonly string[];
  readonly connections?: number;
  readonly rate?: number;
  readonly blocks?: number;
  readonly duration?: number;
  readonly warmup?: number;
  readonly unsafe?: boolean;
}

type LoadSection = Settings["load"];

const usual = { connections: 10, blocks: 20, blockDuration: 1.5, warmup: 0.3, route: "GET /" } as const;
const usualSwitchTimeout = 30;

/** What is sent, how hard and when: options first, then config, then what is usual. */
export function planOf(flags: LoadFlags, load: LoadSection): LoadPlan {
  const blocks = flags.blocks ?? load.blocks ?? usual.blocks;
  const seconds =
    flags.duration === undefined ? (load.blockDuration ?? usual.blockDuration) : flags.duration / blocks;
  const rate = flags.rate ?? load.rate;
  const connections = flags.connections ?? load.connections ?? usual.connections;
  return {
    // A connection that sends less than once a second would be idle long enough to be closed.
    connections: rate === undefined ? connections : Math.max(1, Math.min(connections, Math.floor(rate))),
    rate,
    order: orderOf(blocks / 2, randomInt(2) === 1),
    blockMs: seconds * 1000,
    warmupMs: (flags.warmup ?? load.warmup ?? usual.warmup) * 1000,
  };
}

/** The URL of each side; both the same where one server is switched, or compared with itself. */
export function urlsOf(
  baseline: string | undefined,
  candidate: string | undefined,
  load: LoadSection,
): Readonly<Record<Side, string>> {
  const isSwitched = load.switch !== undefined;
  const first = baseline ?? load.baseline ?? (isSwitched ? load.candidate : undefined);
  // One URL named by hand is the one that is switched, whatever config says of another.
  const second = candidate ?? (baseline !== undefined && isSwitched ? baseline : load.candidate);
  const hint =
    "name both (tenantctl load http://localhost:3000 http://localhost:3001), or one and load.switch in config";
  if (first === undefined) throw new UsageError("no server is named to load", hint);
  const other = second ?? (isSwitched ? first : undefined);
  if (other === undefined) throw new UsageError(`nothing is named to compare ${first} with`, hint);
  return { baseline: requireWebAddress(first, hint), candidate: requireWebAddress(other, hint) };
}

/** A route as it is written: a method and a path. */
interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** @throws UsageError where a route is none, or would change data and nobody asked for that. */
export function routesOf(flags: LoadFlags, load: LoadSection): Route[] {
  const named = flags.routes ?? load.routes ?? [usual.route];
  return named.map((each) => {
    const { route: name, body } = typeof each === "string" ? { route: each, body: undefined } : each;
    const [, method = "GET", path] = /^(?:([A-Za-z]+) +)?(\/\S*)$/.exec(name.trim()) ?? [];
    if (path === undefined)
      throw new UsageError(`${name} is no route`, 'write a method and a path: --routes "GET /api/v1/assets"');
    const isSafe = /^(GET|HEAD)$/i.test(method);
    if (!isSafe && !(flags.unsafe ?? load.unsafe))
      throw new UsageError(
        `${name} may change data, thousands of times`,
        "load GET and HEAD only, or say --unsafe on a database of your own",
      );
    return { name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, body };
  });
}

/** Each route as each tenant: both sides are sent the same, in the same order. */
export function targetOf(
  side: Side,
  url: string,
  routes: readonly Route[],
  actors: readonly Actor[],
  binding: Binding,
  settings: Settings,
): Target {
  const turn = settings.load.switch?.[side];
  const added = turn && "headers" in turn ? headersOf(turn.headers, `load.switch.${side}`, settings) : {};
  const base = url.replace(/\/+$/, "");
  const requests = routes.flatMap(({ method, path, body }) => {
    const call = { method, url: base + path, ...(body === undefined ? {} : { body }) };
    return (actors.length ? actors : [nobody]).map((actor) => {
      const request = requestOf(actor, call, actor === nobody ? withoutTenant(binding) : binding);
      return { ...request, headers: { ...request.headers, ...added } };
    });
  });
  return { side, url, origin: new URL(requests[0]!.url).origin, requests };
}

const nobody: Actor = { name: "nobody", tenantId: "", token: undefined };

function withoutTenant(binding: Binding): Binding {
  return { ...binding, tenantHeader: undefined };
}

/**
 * How the server is switched; undefined where the requests themselves bear the mode, or each side has its own.
 *
 * @throws UsageError where nothing says how the mode shows.
 */
export function modesOf(url: string, settings: Settings, env: NodeJS.ProcessEnv): ModeSwitch | undefined {
  const section = settings.load.switch;
  if (!section || ("headers" in section.baseline && "headers" in section.candidate)) return undefined;
  const { health } = section;
  if (!health)
    throw new UsageError(
      "load.switch has no health: an exit code does not prove that the mode has changed",
      'say where the mode shows: health: { path: "/health", key: "guard", baseline: "off", candidate: "strict" }',
    );
  const base = url.replace(/\/+$/, "");
  return {
    turns: {
      baseline: turnOf(section.baseline, base, "baseline", settings),
      candidate: turnOf(section.candidate, base, "candidate", settings),
    },
    health: {
      url: base + health.path,
      path: health.key.split("."),
      expected: { baseline: health.baseline, candidate: health.candidate },
    },
    timeout: (section.timeout ?? usualSwitchTimeout) * 1000,
    env,
    cwd: settings.base,
  };
}

function turnOf(
  turn: NonNullable<LoadSection["switch"]>[Side],
  base: string,
  side: Side,
  settings: Settings,
): ModeSwitch["turns"][Side] {
  if (Array.isArray(turn)) return { command: turn as [string, ...string[]] };
  if (!("request" in turn))
    throw new UsageError(
      `load.switch.${side} is headers, the other side's is not`,
      "switch both sides in one way: headers, a command or a request",
    );
  const { method = "POST", path, headers = {}, body } = turn.request;
  const request: HttpRequest = {
    method,
    url: base + path,
    headers: {
      "user-agent": "tenantctl",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headersOf(headers, `load.switch.${side}.request`, settings),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  return { request };
}

/** Headers with the secrets that config only refers to. */
function headersOf(
  headers: Readonly<Record<string, string>>,
  what: string,
  { variables, base }: Settings,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      resolveSecret(value, `${what}.headers.${name}`, variables, base).reveal(),
    ]),
  );
}
