import type { CheckOutcome, Obstacle } from "../../findings/check.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { FleetReading, HostReading } from "../../findings/fleet.js";
import type { FleetHost } from "../fleet/hosts.js";
import type { HostResult } from "../types.js";
import { type HostAnswer, judgeHost, mostServed, type Wanted } from "./judge.js";

/** The check that `deploy status` makes. */
export const fleetCheck = { id: "fleet", title: "What each host serves" } as const;

/**
 * Judges a fleet: does every host serve the wanted release?
 *
 * @param wanted undefined where nobody said: then the release that most hosts serve, since a fleet at rest serves one
 */
export function checkFleet(
  hosts: readonly FleetHost[],
  answers: readonly HostAnswer[],
  wanted: Wanted | undefined,
  durationMs: number,
): CheckOutcome {
  const target = wanted ?? mostServed(answers);
  const judged = answers.map((answer) => judgeHost(answer, target ?? { version: "", digest: undefined }));
  const facts: FleetReading = {
    wanted: target ? { version: target.version, digest: target.digest } : null,
    isAssumed: wanted === undefined,
    hosts: judged.map((each, index) => readingOf(hosts[index]!, each, answers[index]!)),
  };
  return {
    ...fleetCheck,
    drafts: judged.flatMap((each) => findingOf(each, target)),
    obstacle: obstacleOf(judged),
    durationMs,
    facts: { ...facts },
  };
}

function readingOf(host: FleetHost, judged: HostResult, { health, facts }: HostAnswer): HostReading {
  const processes = facts?.processes ?? [];
  return {
    host: host.name,
    zone: host.zone ?? null,
    state: judged.state,
    reason: judged.reason ?? null,
    version: judged.release?.version ?? (health.state === "healthy" ? health.version : undefined) ?? null,
    digest: judged.release?.digest ?? null,
    previous: facts?.previous ?? null,
    guard: (health.state === "healthy" ? health.guard : undefined) ?? null,
    processes: processes.map(({ pid, status, restarts, startedAt, release }) => ({
      ...{ pid, status, restarts },
      startedAt: new Date(startedAt).toISOString(),
      release: release ?? null,
    })),
  };
}

function findingOf({ host, state, reason, release }: HostResult, wanted: Wanted | undefined): FindingDraft[] {
  if (state !== "old" && state !== "failed") return [];
  return [
    {
      rule: state === "old" ? "rollout/host-on-another-release" : "rollout/host-not-serving",
      subject: { host },
      message: reason ?? `it serves ${release?.version ?? "another release"}`,
      remedy:
        state === "old"
          ? `deploy ${wanted?.version ?? "one release"} to it, or roll the others back`
          : "read the application's log on the host; roll it back if the release is new",
      evidence: { serves: release?.version ?? null, wanted: wanted?.version ?? null },
    },
  ];
}

function obstacleOf(judged: readonly HostResult[]): Obstacle | undefined {
  const unknown = judged.filter(({ state }) => state === "unknown");
  if (unknown.length === 0) return undefined;
  const [first] = unknown;
  const others = unknown.length > 1 ? ` (and ${unknown.length - 1} more)` : "";
  return {
    status: "inconclusive",
    reason: `what ${first!.host}${others} serves is unknown: ${first!.reason}`,
  };
}
