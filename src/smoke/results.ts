import type { Actor, Exchange, Sighting } from "../isolation/index.js";
import type { Unmet } from "./expectations.js";
import type { Step, Workflow } from "./workflow.js";

/**
 * What a step came to. `leaked`: it did what it should, and another tenant saw it. `inconclusive`: nothing can be
 * said of what others see. `unanswered`: the server did not answer at all.
 */
export type StepOutcome = "passed" | "failed" | "leaked" | "inconclusive" | "unanswered" | "skipped";

export interface StepResult {
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** Of every outcome but passed; without values of an answer. */
  readonly reason?: string;
  readonly failure?: Failure;
  /** Of its own request, in milliseconds, without what others tried; undefined where none was answered. */
  readonly durationMs?: number;
  readonly leaks: readonly Leak[];
}

export interface StepEnd {
  readonly result: StepResult;
  /** The next step has something to build on. */
  readonly mayGoOn: boolean;
}

/** A step that was not sent. */
export function skipped(step: Step, reason: string): StepResult {
  return { step, outcome: "skipped", reason, leaks: [] };
}

/** A step that did not do what it should. */
export interface Failure {
  /** Without values of the answer: `answers 409, not 2xx`. */
  readonly problem: string;
  readonly unmet: readonly Unmet[];
  readonly exchange: Exchange;
}

/** Another tenant got at what a step did. */
export interface Leak {
  /** `GET /api/v1/assets/{asset}` */
  readonly route: string;
  /** `bled`: nobody tried, the answer to a step of its own held it. */
  readonly kind: "seen" | "changed" | "bled";
  /** Names of the tenants: who got at what whom made. */
  readonly other: string;
  readonly owner: string;
  readonly attack: Exchange;
  /** What the owner itself is answered. */
  readonly control: Exchange | undefined;
  readonly seen: readonly Sighting[];
}

/** One workflow, run for one tenant. */
export interface Copy {
  readonly workflow: Workflow;
  readonly owner: Actor;
  readonly results: readonly StepResult[];
  /** What it made and did not delete: `POST /api/v1/quotations: quotation 0a51…`. */
  readonly left: readonly string[];
  /** Changes of which it is not known what they came to. */
  readonly unsure: readonly string[];
  /** A step that cleans up did not do what it should: its journal stays. */
  readonly needsCleanup: boolean;
  readonly durationMs: number;
}
