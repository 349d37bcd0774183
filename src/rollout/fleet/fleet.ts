import { join, resolve } from "node:path";
import type { AnsibleConnection } from "../../adapters/ansible/command.js";
import { playbookFolder } from "../../adapters/ansible/run.js";
import { UsageError } from "../../findings/errors.js";
import type { FleetSection, PlaybookName } from "./section.js";
import { playbookVariables } from "./variables.js";

/** The fleet as every action needs it: nothing in it is missing, every path absolute. */
export interface Fleet {
  readonly connection: AnsibleConnection;
  readonly group: string;
  /** The variable of the inventory that says in which zone a host is. */
  readonly zone: string;
  readonly health: FleetHealth;
  readonly playbooks: Readonly<Record<PlaybookName, string>>;
  /** What playbooks are told in any case. Secrets of the application are among it. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Folder that Ansible runs in. */
  readonly base: string;
  /** Milliseconds that one playbook may take. */
  readonly timeout: number;
}

export interface FleetHealth {
  /** With `{host}`, `{port}` or any variable of the inventory in it. */
  readonly url: string;
  /** Where the answer has the version: a field, or a JSON pointer. */
  readonly version: string;
  /** Where it has the guard's mode. */
  readonly guard: string;
  /** For hosts whose inventory names none. */
  readonly port: number | undefined;
  /** Milliseconds that one answer may take. */
  readonly timeout: number;
}

const files: Readonly<Record<PlaybookName, string>> = {
  canary: "deploy-canary.yml",
  production: "deploy-production.yml",
  rollback: "rollback.yml",
  partialRollback: "partial-rollback.yml",
  status: "status.yml",
};

const defaultHealth = "http://{host}:{port}/health";
const defaultTimeout = 900;

/**
 * Settles the section of config.
 *
 * @param base folder that relative paths start from
 * @param reveal resolves a value that may name a secret; `what` is its place in config
 * @throws UsageError where no inventory is named, or a secret is missing.
 */
export function settleFleet(
  section: FleetSection,
  base: string,
  reveal: (value: string, what: string) => string,
): Fleet {
  const { health = {} } = section;
  const path = (given: string) => resolve(base, given);
  const playbook = (name: PlaybookName) => {
    const own = section.playbooks?.[name];
    return own === undefined ? join(playbookFolder, files[name]) : path(own);
  };
  return {
    connection: {
      inventory: inventoryOf(section).map((source) => (source.includes(",") ? source : path(source))),
      vaultPasswordFiles: (section.vaultPasswordFiles ?? []).map(path),
      become: section.become ?? false,
      privateKey: section.privateKey === undefined ? undefined : path(section.privateKey),
      bastion: section.bastion,
      sshArguments: section.sshArguments,
      forks: section.forks,
      arguments: section.arguments ?? [],
    },
    group: section.group ?? "all",
    zone: section.zone ?? "zone",
    health: {
      url: health.url ?? defaultHealth,
      version: health.version ?? "version",
      guard: health.guard ?? "guard",
      port: section.port,
      timeout: (health.timeout ?? 5) * 1000,
    },
    playbooks: {
      canary: playbook("canary"),
      production: playbook("production"),
      rollback: playbook("rollback"),
      partialRollback: playbook("partialRollback"),
      status: playbook("status"),
    },
    variables: playbookVariables(section, health.url ?? defaultHealth, reveal),
    base,
    timeout: (section.timeout ?? defaultTimeout) * 1000,
  };
}

function inventoryOf({ inventory }: FleetSection): readonly string[] {
  if (inventory !== undefined) return typeof inventory === "string" ? [inventory] : inventory;
  throw new UsageError(
    "config names no inventory",
    'add it: fleet: { inventory: "inventory.ini", group: "app", … }',
  );
}
