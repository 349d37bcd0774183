import type { HostResult, HostState, Release } from "../types.js";
import type { HostFacts, ProcessFacts } from "./facts.js";
import type { HealthAnswer } from "./health.js";

/** Everything that was seen of one host. */
export interface HostAnswer {
  readonly host: string;
  readonly health: HealthAnswer;
  readonly facts: HostFacts | undefined;
  /** Why there are no facts. */
  readonly silence: string | undefined;
}

/** What a host has to serve. */
export interface Wanted {
  readonly version: string;
  /** Undefined where only the version is known. */
  readonly digest: string | undefined;
  /** What the health endpoint reports for it; what was said at its deployment unless said here. */
  readonly serves?: string | undefined;
}

/**
 * Judges one host. Converged is only who shows it in every way there is: the health endpoint reports the version, all
 * processes are online and run in that release's folder, `current` points at it, and it was unpacked from that artifact.
 * A host that Ansible does not reach, or that does not answer in time, is unknown, whatever it served before.
 */
export function judgeHost(answer: HostAnswer, wanted: Wanted): HostResult {
  const release = answer.facts && servedRelease(answer.facts);
  const of = (state: HostState, reason?: string): HostResult => ({
    ...{ host: answer.host, state },
    ...(release ? { release } : {}),
    ...(reason === undefined ? {} : { reason }),
  });
  const { health, facts, silence } = answer;
  if (!facts) return of("unknown", silence ?? "it said nothing of its processes");
  const broken = brokenness(facts);
  if (broken) return of("failed", broken);
  if (health.state === "unhealthy") return of("failed", health.reason);
  const stale = staleness(facts, wanted);
  if (stale) return of("old", stale);
  if (health.state === "silent") return of("unknown", health.reason);
  const serves = wanted.serves ?? facts.releases[wanted.version]?.serves ?? wanted.version;
  if (health.version === undefined) return of("unknown", "health reports no version");
  if (health.version !== serves) return of("old", `health reports ${health.version}, not ${serves}`);
  if (wanted.digest !== undefined && facts.digest !== wanted.digest)
    return of("failed", `release ${wanted.version} there has another digest: ${facts.digest ?? "none"}`);
  return of("converged");
}

/** What is wrong whatever the release is. */
function brokenness({ processes }: HostFacts): string | undefined {
  if (processes.length === 0) return "pm2 runs no process of the application";
  const down = processes.filter(({ status }) => status !== "online");
  if (down.length === 0) return undefined;
  const restarts = Math.max(...down.map((each) => each.restarts));
  return `${down.length} of ${processes.length} processes are ${down[0]!.status}, after ${restarts} restarts`;
}

function staleness({ current, processes }: HostFacts, { version }: Wanted): string | undefined {
  const stale = processes.filter(({ release }) => release !== undefined && release !== version);
  if (stale.length > 0) return `${stale.length} of ${processes.length} processes run ${listed(stale)}`;
  return current === version ? undefined : `current points at ${current ?? "nothing"}`;
}

function listed(processes: readonly ProcessFacts[]): string {
  return [...new Set(processes.map(({ release }) => release))].join(" and ");
}

/** The one release that all processes run in; undefined where there are several, or none. */
export function servedRelease({ current, processes, releases }: HostFacts): Release | undefined {
  const running = new Set(processes.map(({ release }) => release ?? current));
  const [version] = running;
  if (running.size !== 1 || version === undefined) return undefined;
  const known = releases[version];
  return known && { version, digest: known.digest };
}

/**
 * The release that most hosts serve, where nobody says which one is wanted; of equally many the one that comes first
 * by name. Undefined where no host shows one.
 */
export function mostServed(answers: readonly HostAnswer[]): Release | undefined {
  const counts = new Map<string, { release: Release; hosts: number }>();
  for (const { facts } of answers) {
    const release = facts && servedRelease(facts);
    if (!release) continue;
    const hosts = (counts.get(release.digest)?.hosts ?? 0) + 1;
    counts.set(release.digest, { release, hosts });
  }
  const ranked = [...counts.values()].sort(
    (a, b) => b.hosts - a.hosts || (a.release.version < b.release.version ? -1 : 1),
  );
  return ranked[0]?.release;
}
