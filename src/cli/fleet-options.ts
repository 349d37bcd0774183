import { resolve } from "node:path";
import type { Command } from "commander";
import { resolveSecret } from "../config/secret.js";
import { type Fleet, type FleetHost, hostsNamed, readHosts, settleFleet } from "../rollout/index.js";
import type { Work } from "./execute.js";

export interface FleetFlags {
  readonly inventory?: string;
  readonly group?: string;
  readonly limit?: string;
}

/** Which hosts are meant. */
export function withFleetOptions(command: Command): Command {
  return command
    .optionsGroup("Fleet:")
    .option("--inventory <path>", "Ansible inventory (default: fleet.inventory of config)")
    .option("--group <name>", "group of the inventory (default: fleet.group of config, else all)")
    .option("--limit <hosts>", "these hosts of it only: web1,web2");
}

/**
 * The fleet that config and options describe.
 *
 * @throws UsageError where no inventory is named, or a secret of the application's environment is missing.
 */
export function fleetOf({ settings, context }: Work, { inventory, group }: FleetFlags): Fleet {
  const { fleet: section, variables, base } = settings;
  return settleFleet(
    {
      ...section,
      ...(inventory === undefined ? {} : { inventory: resolve(context.cwd, inventory) }),
      ...(group === undefined ? {} : { group }),
    },
    base,
    (value, what) => resolveSecret(value, what, variables, base).reveal(),
  );
}

/**
 * The hosts that are meant, in the inventory's order or in that of `--limit`.
 *
 * @throws UsageError where there is none, or none of a name; AdapterError where the inventory can't be read.
 */
export async function hostsOf(fleet: Fleet, { limit }: FleetFlags, { context }: Work): Promise<FleetHost[]> {
  const hosts = await readHosts(fleet, context);
  return limit === undefined
    ? hosts
    : hostsNamed(
        hosts,
        limit
          .split(",")
          .map((name) => name.trim())
          .filter(Boolean),
      );
}
