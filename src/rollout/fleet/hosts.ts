import { hostsOfGroup, type InventoryHost } from "../../adapters/ansible/inventory.js";
import { readInventory } from "../../adapters/ansible/run.js";
import { UnavailableError, UsageError } from "../../findings/errors.js";
import { nearestName } from "../../findings/nearest.js";
import type { Fleet } from "./fleet.js";

/** A host of the fleet. */
export interface FleetHost extends InventoryHost {
  /** Undefined where the inventory names none. */
  readonly zone: string | undefined;
}

export interface ActionOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

const inventoryTimeout = 60_000;

/**
 * The hosts of the fleet's group, in the inventory's order.
 *
 * @throws UsageError where there is no such group, or it has no host: what would be done to nobody is no success.
 *   AdapterError where the inventory can't be read.
 */
export async function readHosts(fleet: Fleet, options: ActionOptions): Promise<FleetHost[]> {
  const { connection, group, zone, base } = fleet;
  const text = await readInventory(connection, { ...options, cwd: base, timeout: inventoryTimeout });
  const hosts = hostsOfGroup(text, group);
  if (hosts?.length) {
    return hosts.map((host) => {
      const value = host.variables[zone];
      return { ...host, zone: value === undefined ? undefined : String(value) };
    });
  }
  const known = Object.keys(JSON.parse(text) as object).filter((name) => name !== "_meta");
  const nearest = nearestName(group, known);
  throw new UsageError(
    `the inventory has no host in group ${group}`,
    nearest && nearest !== group
      ? `did you mean fleet.group ${nearest}?`
      : `add hosts to it, or name another group in fleet.group: ${known.join(", ") || "there is none"}`,
  );
}

/**
 * The hosts of these names, in that order.
 *
 * @throws UsageError where one of them is not in the fleet.
 */
export function hostsNamed(hosts: readonly FleetHost[], names: readonly string[]): FleetHost[] {
  return [...new Set(names)].map((name) => {
    const host = hosts.find((each) => each.name === name);
    if (host) return host;
    const nearest = nearestName(
      name,
      hosts.map((each) => each.name),
    );
    throw new UsageError(
      `the fleet has no host ${name}`,
      nearest ? `did you mean ${nearest}?` : "tenantctl deploy status lists its hosts",
    );
  });
}

/**
 * The URL of a host's health endpoint.
 *
 * @throws UnavailableError where the inventory lacks what the URL names.
 */
export function healthUrlOf({ health }: Fleet, { name, address, variables }: FleetHost): string {
  const port = variables.fleet_port ?? variables.port ?? health.port;
  const known: Readonly<Record<string, string | number | undefined>> = { ...variables, host: address, port };
  return health.url.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = known[key];
    if (value !== undefined) return String(value);
    throw new UnavailableError(
      `host ${name} has no ${key}, and fleet.health.url needs it`,
      key === "port"
        ? "name it: fleet.port in config, or fleet_port in the inventory"
        : "add it to the inventory",
    );
  });
}
