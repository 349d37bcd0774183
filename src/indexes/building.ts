import type { Course } from "./course.js";
import type { IndexDefinition } from "./definition.js";
import type { WorkSession } from "./session.js";
import type { Tools, Worker } from "./tools.js";

/** The work on one index, over all its attempts. */
export interface Building {
  readonly tools: Tools;
  readonly worker: Worker;
  readonly wanted: IndexDefinition;
  /** Ends it: the run's end, or its deadline. */
  readonly signal: AbortSignal;
  readonly course: Course;
  /** From 1. */
  attempt: number;
  /** A statement of this run has gone out: something of it may be left. */
  hasBegun: boolean;
  /** The session that has our lock on the table, until all is cleaned up. */
  locked: { readonly work: WorkSession; readonly tableId: string } | undefined;
}
