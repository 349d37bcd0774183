/** What is rolled out. Two releases are the same where their digests are. */
export interface Release {
  /** As people name it: `tenant-hardening`, `2.4.0`. */
  readonly version: string;
  /** Of the artifact: `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** Full hash of the commit that it was built from. */
  readonly commit?: string;
}

/**
 * What a host was seen to serve: the wanted release, another one, nothing that could be asked (unreachable: it
 * may serve either), or nothing that works.
 */
export type HostState = "converged" | "old" | "unknown" | "failed";

export const phases = ["migrations", "staging", "canary", "production", "rollback"] as const;
export type Phase = (typeof phases)[number];

/**
 * What a journal entry says. `begin` and `end` stand around a rollout or, with `phase`, around a phase of it;
 * `intent` stands before whatever changes the world and `outcome`, which names its intent, after.
 */
export type EntryKind =
  | "begin"
  | "intent"
  | "outcome"
  | "end"
  | "approval"
  | "gate"
  | "mark"
  | "lock"
  | "note";

/** How a step, a phase or a rollout ended. `unknown` is no success: hosts have to be asked. */
export type StepResult = "done" | "failed" | "unknown" | "aborted" | "rolled-back";

/** One host after a step, as it answered. */
export interface HostResult {
  readonly host: string;
  readonly state: HostState;
  /** What it serves, where it said so. */
  readonly release?: Release;
  readonly reason?: string;
}

/** What a caller writes. The store adds the rest. */
export interface EntryDraft {
  /** Id of the rollout: `2026-11-24T01-47-32Z-tenant-hardening`. */
  readonly rollout: string;
  readonly kind: EntryKind;
  /** What is done, as `area/verb`: `hosts/switch`, `migrations/deploy`, `lock/break`. */
  readonly step: string;
  readonly phase?: Phase;
  readonly hosts?: readonly string[];
  readonly release?: Release;
  /** Of an intent: what each host served before. A rollback goes back to exactly that. */
  readonly priors?: Readonly<Record<string, Release>>;
  /** Of an outcome: the sequence of its intent. */
  readonly intent?: number;
  /** Of an outcome or an end. */
  readonly result?: StepResult;
  /** Of an outcome: each host as it answered. */
  readonly results?: readonly HostResult[];
  /** Of a gate: its name and what it found. Of this release's digest only. */
  readonly gate?: { readonly name: string; readonly verdict: "pass" | "fail" | "inconclusive" | "error" };
  /** Of a gate or an approval: it counts until then. ISO 8601. */
  readonly expires?: string;
  /** Of a mark: whether the release may be rolled out. */
  readonly mark?: "bad" | "good";
  /** Anything else that helps a reader. No secrets: journals are read, copied and signed. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One entry of the journal. Order is that of `sequence`, never that of clocks. */
export interface Entry extends EntryDraft {
  /** 1, 2, 3… without gaps. */
  readonly sequence: number;
  /** ISO 8601, never earlier than the entry before. */
  readonly at: string;
  /** What the writer's clock said, where that was earlier than the entry before: it was set back. */
  readonly clock?: string;
  /** `user@host`. */
  readonly actor: string;
  /** Fencing number of the lock that it was written under. */
  readonly fence: number;
}
