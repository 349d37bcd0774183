import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AdapterError } from "../errors.js";
import { runInGroup } from "../program-group.js";
import { type AnsibleConnection, inventoryCommand, type PlaybookRun, playbookCommand } from "./command.js";
import { type PlaybookOutcomes, readOutcomes } from "./results.js";

/** The folder of our playbooks; absolute. */
export const playbookFolder = fileURLToPath(new URL("../../../playbooks/", import.meta.url));

export interface AnsibleOptions {
  /** The caller's: SSH_AUTH_SOCK and ANSIBLE_* reach Ansible. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder that has ansible.cfg, where there is one. */
  readonly cwd: string;
  /** Milliseconds; then Ansible is killed, with what it started. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

export interface PlaybookEnd extends PlaybookOutcomes {
  /** It proves nothing: 0 where no host matched, and where a failure was caught. Undefined where it was killed. */
  readonly exitCode: number | undefined;
  /** What Ansible itself complains of, or that it took too long. */
  readonly problem: string | undefined;
}

const mostOutput = 64 * 1024 * 1024;
const missing =
  "apt-get install ansible-core (or pipx install ansible-core); tenantctl doctor says what is there";

/**
 * Runs a playbook and reads from our own callback what happened on each host. Variables stand in a file that only
 * this user may read, and that is gone afterwards.
 *
 * @throws AdapterError where Ansible can't be started; the signal's reason when it is aborted.
 */
export async function runPlaybook(
  connection: AnsibleConnection,
  run: PlaybookRun,
  variables: Readonly<Record<string, unknown>>,
  { env, cwd, timeout, signal }: AnsibleOptions,
): Promise<PlaybookEnd> {
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-ansible-"));
  try {
    const variablesFile = join(folder, "variables.json");
    const results = join(folder, "results.jsonl");
    writeFileSync(variablesFile, JSON.stringify(variables), { mode: 0o600 });
    writeFileSync(results, "", { mode: 0o600 });
    const end = await runInGroup(playbookCommand(connection, run, variablesFile), {
      env: ansibleEnvironment(env, results),
      cwd,
      timeout,
      signal,
      longestOutput: mostOutput,
    });
    if (end.code === "ENOENT") throw new AdapterError("ansible-playbook is not on PATH", missing);
    return {
      ...readOutcomes(readFileSync(results, "utf8"), run.hosts),
      exitCode: end.exitCode,
      problem: end.isLate ? `ansible-playbook took longer than ${timeout / 1000} s` : complaint(end.stderr),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What `ansible-inventory --list` prints: JSON.
 *
 * @throws AdapterError where it can't be had; the signal's reason when it is aborted.
 */
export async function readInventory(
  connection: AnsibleConnection,
  { env, cwd, timeout, signal }: AnsibleOptions,
): Promise<string> {
  const { exitCode, code, stdout, stderr, isLate } = await runInGroup(inventoryCommand(connection), {
    env: { ...env, ANSIBLE_NOCOLOR: "1" },
    ...{ cwd, timeout, signal, longestOutput: mostOutput },
  });
  if (exitCode === 0) return stdout;
  if (code === "ENOENT") throw new AdapterError("ansible-inventory is not on PATH", missing);
  const reason = isLate
    ? `no answer within ${timeout / 1000} s`
    : (complaint(stderr) ?? `exit code ${exitCode}`);
  throw new AdapterError(
    `the inventory can't be read: ${reason}`,
    `run it by hand: ansible-inventory ${connection.inventory.map((source) => `-i ${source}`).join(" ")} --list`,
  );
}

function ansibleEnvironment(env: NodeJS.ProcessEnv, results: string): NodeJS.ProcessEnv {
  const plugins = [join(playbookFolder, "callback_plugins"), env.ANSIBLE_CALLBACK_PLUGINS];
  return {
    ...env,
    ANSIBLE_STDOUT_CALLBACK: "tenantctl_results",
    ANSIBLE_CALLBACK_PLUGINS: plugins.filter(Boolean).join(delimiter),
    ANSIBLE_NOCOLOR: "1",
    ANSIBLE_RETRY_FILES_ENABLED: "0",
    // The package's folder is not written to.
    PYTHONDONTWRITEBYTECODE: "1",
    TENANTCTL_RESULTS: results,
  };
}

/** The first line that Ansible marks as an error, without what follows: that may quote the user's files. */
function complaint(stderr: string): string | undefined {
  return /ERROR! (.+)/.exec(stderr)?.[1]?.slice(0, 300);
}
