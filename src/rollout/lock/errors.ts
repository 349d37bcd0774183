import { UnavailableError } from "../../findings/errors.js";
import type { LockRecord } from "./store.js";

/** Somebody took the lock: whatever this process still wants to do, it may not. */
export class LostLockError extends UnavailableError {
  constructor(fence: number, now: LockRecord | undefined) {
    super(
      now
        ? `the rollout's lock (number ${fence}) was taken by ${describeHolder(now)}: nothing more is done here`
        : `the rollout's lock (number ${fence}) is lost: nothing more is done here`,
      "tenantctl rollout status",
    );
  }
}

/** `ana@ops1 (pid 4711): deploy production 2.4.0, since 2026-11-24T01:47:32.000Z` */
export function describeHolder({ owner, pid, purpose, takenAt }: LockRecord): string {
  return `${owner} (pid ${pid}): ${purpose}, since ${takenAt}`;
}
