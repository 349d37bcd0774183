export { type HistoryFacts, historyCheck } from "./history-check.js";
export { entryLeaf } from "./journal/chain.js";
export { openFileState } from "./journal/file.js";
export {
  consistencyProof,
  inclusionProof,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "./journal/merkle.js";
export { openPostgresState, type PostgresPlace } from "./journal/postgres.js";
export type { Change, JournalStore, Reading, SharedState, Writer } from "./journal/store.js";
export type { HeldLock, LockMode, LockRequest } from "./lock/acquire.js";
export { acquireLock, currentActor } from "./lock/acquire.js";
export { describeHolder, LostLockError } from "./lock/errors.js";
export type { LockRecord } from "./lock/store.js";
export { approvalFor, gateFor, isBad, type Permit } from "./permits.js";
export { type History, type KnownHost, type PhaseProgress, type RolloutState, replay } from "./replay.js";
export { type StatusFacts, statusCheck } from "./status-check.js";
export { type PhaseTime, plannedDurations, timesOf } from "./timeline.js";
export * from "./types.js";
