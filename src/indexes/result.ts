import type { FindingDraft } from "../findings/finding.js";
import type { PhaseTime } from "./course.js";
import type { IndexDefinition } from "./definition.js";
import type { Blocker } from "./progress.js";

/** How work on an index ended. `refused`: nothing was begun. `stopped`: a deadline, a limit or the user ended it. */
export type IndexState =
  | "built"
  | "already there"
  | "refused"
  | "failed"
  | "stopped"
  | "dropped"
  | "not there";

export interface IndexResult {
  readonly definition: IndexDefinition;
  readonly state: IndexState;
  readonly attempts: number;
  readonly durationMs: number;
  readonly phases: readonly PhaseTime[];
  readonly waitedFor: readonly Blocker[];
  readonly bytes?: number | undefined;
  /** Why it is not as wanted, and the next thing to do. */
  readonly reason?: string | undefined;
  readonly hint?: string | undefined;
  /** An invalid index of ours could not be dropped: `index resume` does it later. */
  readonly isLeft?: true;
  /** `index resume` goes on with it. */
  readonly isResumable?: true;
  /** Of a dropped index: the statement that builds it again. */
  readonly undo?: string | undefined;
  readonly drafts: readonly FindingDraft[];
  /** What a partitioned table's index consists of. */
  readonly parts?: readonly IndexResult[];
}

/** How it ended, without how it went. */
export type Ended = Omit<
  IndexResult,
  "definition" | "attempts" | "durationMs" | "phases" | "waitedFor" | "parts"
>;
