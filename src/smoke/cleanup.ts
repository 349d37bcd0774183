import type { CheckOutcome } from "../findings/check.js";
import { type CleanedCopy, type CopyCleanup, cleanUpCopy } from "./cleanup-copy.js";
import type { OpenJournal } from "./journal.js";

export interface WorkflowCleanup extends CopyCleanup {
  readonly journals: readonly OpenJournal[];
}

/** The check, before it has run. */
export const workflowCleanupCheck = {
  id: "smoke-cleanup",
  title: "What killed smoke tests left",
} as const;

const mostReasons = 3;

/**
 * Runs the `finally` steps of workflows whose run was killed, as the tenants that ran them, with the values that
 * were captured. What could not be done stays in its journal, so that the next call tries again.
 */
export async function cleanUpWorkflows(options: WorkflowCleanup): Promise<CheckOutcome> {
  const start = performance.now();
  const all: CleanedCopy[] = [];
  const unsureIn: string[] = [];
  for (const { file, copies } of options.journals) {
    const cleaned: CleanedCopy[] = [];
    // One after the other: two workflows of a tenant may count what it has.
    for (const copy of copies) cleaned.push(await cleanUpCopy(copy, options));
    all.push(...cleaned);
    if (cleaned.some(({ unsure }) => unsure.length)) unsureIn.push(file.path);
    else if (!options.isDryRun && !cleaned.some(({ problems }) => problems.length)) file.discard();
  }
  const problems = all.flatMap((each) => each.problems);
  const unsure = all.flatMap((each) => each.unsure);
  const reasons = [
    ...problems.slice(0, mostReasons),
    ...(unsure.length
      ? [
          `it is not known what came of ${unsure.slice(0, mostReasons).join("; ")}: look for it in the application, then delete ${unsureIn.join(", ")}`,
        ]
      : []),
  ];
  return {
    ...workflowCleanupCheck,
    drafts: [],
    ...(reasons.length && !options.isDryRun
      ? { obstacle: { status: "error" as const, reason: reasons.join("; ") } }
      : {}),
    durationMs: performance.now() - start,
    facts: {
      deleted: all.flatMap(({ before, left: still }) => before.filter((each) => !still.includes(each))),
      left: all.flatMap(({ isDone, left }) => (isDone ? [] : left)),
      // What no step of its workflow deletes.
      forGood: all.flatMap(({ isDone, left }) => (isDone ? left : [])),
      unsure,
      steps: all.flatMap(({ results }) => results.map(({ step, outcome }) => `${step.name} ${outcome}`)),
      ...(options.isDryRun ? { isDryRun: true } : {}),
    },
  };
}
