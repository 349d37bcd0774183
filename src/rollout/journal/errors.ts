import { UnavailableError } from "../../findings/errors.js";
import type { Change } from "./store.js";

/** Nothing may build on a journal that was changed. */
export function changedJournal(place: string, { reason }: Change): UnavailableError {
  return new UnavailableError(
    `the journal ${place} was changed after it was written: ${reason}`,
    "keep a copy and find out who did it: tenantctl rollout history; then bring back a good copy",
  );
}
