import { HttpFailure } from "../adapters/http/failure.js";
import type { CopyState } from "./copy-state.js";
import { judged } from "./judge.js";
import { filledPath } from "./request.js";
import { type StepEnd, type StepResult, skipped } from "./results.js";
import { UnknownPlaceholder } from "./template.js";
import { valuesOfStep } from "./values.js";
import type { Step } from "./workflow.js";

/** Runs a step that cleans up: where there is something to clean up, and whatever became of the others. */
export async function cleanUp(state: CopyState, step: Step): Promise<StepResult> {
  const values = valuesOfStep(state.values);
  try {
    if (state.ledger.isCleaned(step)) return skipped(step, "it has been done");
    if (state.ledger.isDeleted(filledPath(step.request.path, values)))
      return skipped(step, "it is deleted already");
    const { result } = await answered(step, async () => {
      const { exchange, durationMs } = await state.send(step, values, state.world.cleanupWire);
      const judgement = judged(step, exchange, values);
      state.keep(step, judgement, exchange);
      const { failure } = judgement;
      if (!failure) state.ledger.cleaned(step);
      const result: StepResult = failure
        ? { step, outcome: "failed", reason: failure.problem, failure, durationMs, leaks: [] }
        : { step, outcome: "passed", durationMs, leaks: [] };
      return { result, mayGoOn: true };
    });
    return result;
  } catch (error) {
    if (error instanceof UnknownPlaceholder) return skipped(step, "there is nothing to clean up");
    throw error;
  }
}

/** Every step has done what it should, or had nothing to do. */
export function isCleanedUp(results: readonly StepResult[]): boolean {
  return results.every(({ outcome }) => outcome === "passed" || outcome === "skipped");
}

/** A server that does not answer ends the copy, not the run. */
export async function answered(step: Step, work: () => Promise<StepEnd>): Promise<StepEnd> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const reason = `${error.message}; ${error.hint}`;
    return { result: { step, outcome: "unanswered", reason, leaks: [] }, mayGoOn: false };
  }
}
