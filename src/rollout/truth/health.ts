import { HttpClient } from "../../adapters/http/client.js";
import { HttpFailure } from "../../adapters/http/failure.js";
import type { Fleet, FleetHealth } from "../fleet/fleet.js";
import { type FleetHost, healthUrlOf } from "../fleet/hosts.js";

/** What a health endpoint answered, or why it did not. */
export type HealthAnswer =
  | { readonly state: "healthy"; readonly version: string | undefined; readonly guard: string | undefined }
  /** It answers, and not well; or nothing listens there. */
  | { readonly state: "unhealthy"; readonly reason: string }
  /** Nothing is known: no answer in time, no way there. */
  | { readonly state: "silent"; readonly reason: string };

const mostBytes = 1_000_000;
const mostConnections = 32;

/**
 * Asks the health endpoints of all hosts at once.
 *
 * @throws UnavailableError where a URL can't be made; the signal's reason when it is aborted.
 */
export async function askHealth(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  signal?: AbortSignal,
): Promise<Map<string, HealthAnswer>> {
  const { timeout } = fleet.health;
  const urls = hosts.map((host) => ({ name: host.name, url: healthUrlOf(fleet, host) }));
  const http = new HttpClient({ connections: mostConnections, timeout, bodyLimit: mostBytes, signal });
  try {
    const answers = urls.map(async ({ name, url }) => [name, await ask(http, url, fleet.health)] as const);
    return new Map(await Promise.all(answers));
  } finally {
    await http.close();
  }
}

async function ask(http: HttpClient, url: string, health: FleetHealth): Promise<HealthAnswer> {
  try {
    const { status, body } = await http.send({ method: "GET", url, headers: { accept: "application/json" } });
    if (status < 200 || status > 299) return { state: "unhealthy", reason: `health answers ${status}` };
    const data = asJson(body);
    return {
      state: "healthy",
      version: textAt(data, health.version),
      guard: textAt(data, health.guard),
    };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const state = error.code === "ECONNREFUSED" ? "unhealthy" : "silent";
    return { state, reason: error.message };
  }
}

function asJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** By the name of a field, or by a JSON pointer. */
export function textAt(data: unknown, place: string): string | undefined {
  const keys = place.startsWith("/") ? place.slice(1).split("/") : [place];
  let value = data;
  for (const key of keys) {
    if (typeof value !== "object" || value === null) return undefined;
    const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
