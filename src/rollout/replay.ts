import { progressOf } from "./progress.js";
import type { Entry, HostState, Phase, Release, StepResult } from "./types.js";

/** A host, as far as the journal tells. What it serves now only the host itself can say. */
export interface KnownHost {
  readonly host: string;
  readonly state: HostState;
  /** What it was last seen to serve. */
  readonly release?: Release;
  /** What it served before that: a rollback goes back to exactly this. */
  readonly prior?: Release;
  /** The entry that says so. */
  readonly sequence: number;
}

/** A phase of a rollout, from its begin to its end. */
export interface PhaseProgress {
  readonly phase: Phase;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly result?: StepResult;
  /** Hosts that it means to reach. */
  readonly planned: readonly string[];
  /** Those of them that serve its release. */
  readonly converged: readonly string[];
}

/** A rollout, as far as the journal tells. */
export interface RolloutState {
  readonly rollout: string;
  readonly release?: Release;
  readonly actor: string;
  readonly startedAt: string;
  /** Of its last entry. */
  readonly lastAt: string;
  readonly endedAt?: string;
  readonly result?: StepResult;
  readonly phases: readonly PhaseProgress[];
  /** Where it stands: the phase that has begun last and not ended. */
  readonly phase?: Phase;
  /** Intents without an outcome, the oldest first: nobody knows whether they were done. Hosts have to be asked. */
  readonly open: readonly Entry[];
}

/** Everything that the journal tells. */
export interface History {
  /** The oldest first. */
  readonly rollouts: readonly RolloutState[];
  readonly hosts: ReadonlyMap<string, KnownHost>;
  /** Entries that marked releases, by digest: the last one counts. */
  readonly marks: ReadonlyMap<string, Entry>;
  readonly approvals: readonly Entry[];
  readonly gates: readonly Entry[];
  /** Time of the last entry; empty where there is none. */
  readonly lastAt: string;
}

/** Reads the journal's entries, in order, as what they say of rollouts, hosts and releases. */
export function replay(entries: readonly Entry[]): History {
  const byRollout = new Map<string, Entry[]>();
  for (const entry of entries.filter(({ kind }) => kind !== "lock"))
    byRollout.set(entry.rollout, [...(byRollout.get(entry.rollout) ?? []), entry]);
  const ofKind = (kind: Entry["kind"]) => entries.filter((entry) => entry.kind === kind);
  return {
    rollouts: [...byRollout.values()].map(progressOf),
    hosts: hostsOf(entries),
    marks: new Map(ofKind("mark").flatMap((entry) => (entry.release ? [[entry.release.digest, entry]] : []))),
    approvals: ofKind("approval"),
    gates: ofKind("gate"),
    lastAt: entries.at(-1)?.at ?? "",
  };
}

/** Each host as it was last seen, in order of first mention. */
function hostsOf(entries: readonly Entry[]): Map<string, KnownHost> {
  const hosts = new Map<string, KnownHost>();
  for (const { kind, sequence, priors = {}, hosts: touched = [], results = [] } of entries) {
    // What was seen before the step is the more exact, where both are known.
    for (const [host, release] of Object.entries(priors)) {
      const known = hosts.get(host);
      if (known?.release?.digest !== release.digest)
        hosts.set(host, {
          ...withPrior(known, release),
          host,
          state: known?.state ?? "old",
          release,
          sequence,
        });
    }
    // Between intent and outcome a host may serve either.
    if (kind === "intent")
      for (const host of touched) hosts.set(host, { ...hosts.get(host), host, state: "unknown", sequence });
    for (const { host, state, release } of results) {
      const known = hosts.get(host);
      const seen = release ?? known?.release;
      hosts.set(host, {
        ...(seen ? withPrior(known, seen) : {}),
        ...(seen ? { release: seen } : {}),
        ...{ host, state, sequence },
      });
    }
  }
  return hosts;
}

/** What it served before `next`: the same as before where it goes on serving that. */
function withPrior(known: KnownHost | undefined, next: Release): { prior?: Release } {
  const prior = known?.release?.digest === next.digest ? known.prior : known?.release;
  return prior ? { prior } : {};
}
