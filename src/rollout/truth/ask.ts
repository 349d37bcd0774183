import type { HostOutcome } from "../../adapters/ansible/results.js";
import { runPlaybook } from "../../adapters/ansible/run.js";
import type { Fleet } from "../fleet/fleet.js";
import type { ActionOptions, FleetHost } from "../fleet/hosts.js";
import { factsFrom } from "./facts.js";
import { askHealth } from "./health.js";
import type { HostAnswer } from "./judge.js";

/**
 * Asks each host what it serves: its health endpoint over HTTP, and by status.yml its processes, `current` and the
 * releases on its disk. Nothing is changed. One answer a host, in their order; who does not answer says so.
 *
 * @throws AdapterError where Ansible can't be started; the signal's reason when it is aborted.
 */
export function askHosts(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  options: ActionOptions,
): Promise<HostAnswer[]> {
  return askAfter(fleet, hosts, [], options);
}

/**
 * The same after a playbook: what it published at its end, on hosts where it came to its end, is not asked again.
 *
 * @param outcomes of the playbook
 */
export async function askAfter(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  outcomes: readonly HostOutcome[],
  options: ActionOptions,
): Promise<HostAnswer[]> {
  const told = new Map(answersFrom(outcomes, undefined).map((answer) => [answer.host, answer]));
  const rest = hosts.filter(({ name }) => !told.get(name)?.facts);
  const [health, asked] = await Promise.all([
    askHealth(fleet, hosts, options.signal),
    rest.length ? askFacts(fleet, rest, options) : [],
  ]);
  const answers = new Map([...told, ...asked.map((answer) => [answer.host, answer] as const)]);
  return hosts.map(({ name }) => ({ ...answers.get(name)!, health: health.get(name)! }));
}

async function askFacts(fleet: Fleet, hosts: readonly FleetHost[], options: ActionOptions) {
  const { connection, playbooks, variables, base, timeout } = fleet;
  const run = { playbook: playbooks.status, hosts: hosts.map(({ name }) => name) };
  const end = await runPlaybook(connection, run, variables, { ...options, cwd: base, timeout });
  return answersFrom(end.hosts, end.problem);
}

function answersFrom(
  outcomes: readonly HostOutcome[],
  problem: string | undefined,
): Omit<HostAnswer, "health">[] {
  return outcomes.map((outcome) => {
    const facts = outcome.outcome === "ok" ? factsFrom(outcome.facts) : undefined;
    return { host: outcome.host, facts, silence: facts ? undefined : silenceOf(outcome, problem) };
  });
}

function silenceOf({ outcome, reason }: HostOutcome, problem: string | undefined): string {
  if (outcome === "unreachable") return `unreachable: ${reason}`;
  if (outcome === "ok") return "the status playbook published no facts";
  return [reason, problem].filter(Boolean).join("; ");
}
