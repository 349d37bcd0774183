import type { Ended } from "./result.js";
import { StopError } from "./stop.js";
import type { Tools } from "./tools.js";

/** The time that one index has, with all its waits. */
export function deadlineOf({ deadline }: Tools): AbortSignal {
  const controller = new AbortController();
  setTimeout(
    () =>
      controller.abort(
        new StopError(
          "deadline",
          `it was not done in ${Math.round(deadline / 1000)} s`,
          "see whom it waited for; then: tenantctl index resume --deadline SECONDS",
        ),
      ),
    deadline,
  ).unref();
  return controller.signal;
}

/** The result of work that we ended ourselves. */
export function stopped(cause: unknown): Ended {
  const why =
    cause instanceof StopError ? { reason: cause.message, hint: cause.hint } : { reason: "interrupted" };
  return { state: "stopped", ...why, isResumable: true, drafts: [] };
}
