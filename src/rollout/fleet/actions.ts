import type { HostOutcome } from "../../adapters/ansible/results.js";
import { type PlaybookEnd, runPlaybook } from "../../adapters/ansible/run.js";
import { askAfter } from "../truth/ask.js";
import { type HostAnswer, judgeHost, type Wanted } from "../truth/judge.js";
import type { HostResult, Release } from "../types.js";
import type { Fleet } from "./fleet.js";
import type { ActionOptions, FleetHost } from "./hosts.js";
import type { PlaybookName } from "./section.js";

export interface DeployOptions extends ActionOptions {
  readonly playbook: "canary" | "production";
  /** Absolute path of the tar.gz on this machine. */
  readonly artifact: string;
  /** What the health endpoint reports for the release; its version unless said. */
  readonly serves?: string | undefined;
  readonly guardMode?: GuardMode | undefined;
  /** Nothing is changed: `ansible-playbook --check`. */
  readonly isCheck?: boolean | undefined;
}

export type GuardMode = "strict" | "warn";

/** One host after an action: what it was seen to serve, and what Ansible says of it. */
export interface ActionResult extends HostResult {
  readonly answer: HostAnswer;
  readonly playbook: HostOutcome;
}

/** An action on some hosts: each of them once, in their order. */
export interface ActionEnd {
  readonly results: readonly ActionResult[];
  /** Hosts that the playbook worked on, though nobody planned it. Anything but none is a failure. */
  readonly unplanned: readonly string[];
  /** What Ansible itself complains of. */
  readonly problem: string | undefined;
}

/**
 * Deploys a release to hosts, in one call of Ansible, and asks each of them afterwards what it serves. Exit codes
 * decide nothing.
 *
 * @throws AdapterError where Ansible can't be started; the signal's reason when it is aborted: hosts have to be asked.
 */
export async function deployTo(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  release: Release,
  options: DeployOptions,
): Promise<ActionEnd> {
  const { artifact, serves, guardMode } = options;
  const variables = {
    version: release.version,
    fleet_digest: release.digest.replace(/^sha256:/, ""),
    fleet_artifact: artifact,
    ...(serves === undefined ? {} : { fleet_serves: serves }),
    ...(guardMode === undefined ? {} : { fleet_guard_mode: guardMode }),
  };
  const end = await run(fleet, hosts, options.playbook, variables, options);
  return settle(fleet, hosts, end, () => ({ ...release, serves }), options);
}

/** What a host has to go back to, exactly; from the journal, or from the host's own history. */
export type Targets = ReadonlyMap<string, Release>;

/** What each host would go back to, as its disk has it now. Hosts that have nothing are not in it. */
export function rollbackTargets(answers: readonly HostAnswer[]): Targets {
  return new Map(
    answers.flatMap(({ host, facts }) => {
      const version = facts?.previous;
      const known = version === undefined ? undefined : facts!.releases[version];
      return known ? [[host, { version: version!, digest: known.digest }] as const] : [];
    }),
  );
}

/**
 * Re-points each host to the release that it has to have again, from its own disk: nothing is built, nothing is
 * fetched. A host that serves it already is left as it is.
 *
 * @param targets for every host; one without is refused, since nobody could say what it has to serve
 * @throws RangeError where a host has no target.
 */
export async function rollBack(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  targets: Targets,
  options: ActionOptions,
): Promise<ActionEnd> {
  const target = (host: string): Release => {
    const release = targets.get(host);
    if (!release) throw new RangeError(`host ${host} has no release to go back to`);
    return release;
  };
  const byHost = (pick: (release: Release) => string) =>
    Object.fromEntries(hosts.map(({ name }) => [name, pick(target(name))]));
  const variables = {
    rollback_to: byHost(({ version }) => version),
    rollback_digests: byHost(({ digest }) => digest.replace(/^sha256:/, "")),
  };
  const end = await run(fleet, hosts, "rollback", variables, options);
  return settle(fleet, hosts, end, (answer) => target(answer.host), options);
}

/** Switches the tenant guard and reloads; the release stays. */
export async function setGuard(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  mode: GuardMode,
  options: ActionOptions,
): Promise<ActionEnd> {
  const end = await run(fleet, hosts, "partialRollback", { mode }, options);
  const wanted = ({ facts }: HostAnswer): Wanted => ({
    version: facts?.current ?? "",
    digest: facts?.digest,
  });
  const { results, ...rest } = await settle(fleet, hosts, end, wanted, options);
  return { ...rest, results: results.map((result) => withGuard(result, mode)) };
}

/** The mode has to be seen, too. */
function withGuard(result: ActionResult, mode: GuardMode): ActionResult {
  const { health } = result.answer;
  if (result.state !== "converged" || health.state !== "healthy" || health.guard === mode) return result;
  if (health.guard === undefined)
    return { ...result, state: "unknown", reason: "health does not report the guard's mode" };
  return { ...result, state: "old", reason: `health reports the guard as ${health.guard}` };
}

function run(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  playbook: PlaybookName,
  variables: Readonly<Record<string, unknown>>,
  { isCheck, ...options }: ActionOptions & { readonly isCheck?: boolean | undefined },
): Promise<PlaybookEnd> {
  const { connection, playbooks, base, timeout } = fleet;
  const names = hosts.map(({ name }) => name);
  return runPlaybook(
    connection,
    { playbook: playbooks[playbook], hosts: names, isCheck },
    { ...fleet.variables, ...variables },
    { env: options.env, signal: options.signal, cwd: base, timeout },
  );
}

async function settle(
  fleet: Fleet,
  hosts: readonly FleetHost[],
  end: PlaybookEnd,
  wanted: (answer: HostAnswer) => Wanted,
  options: ActionOptions,
): Promise<ActionEnd> {
  const answers = await askAfter(fleet, hosts, end.hosts, options);
  const results = answers.map((answer, index) => {
    const playbook = end.hosts[index]!;
    const judged = judgeHost(answer, wanted(answer));
    // Why the playbook failed says more than what is served in place of the release.
    const reason = judged.state === "old" ? (playbook.reason ?? judged.reason) : judged.reason;
    return { ...judged, ...(reason === undefined ? {} : { reason }), answer, playbook };
  });
  return { results, unplanned: end.unplanned, problem: end.problem };
}
