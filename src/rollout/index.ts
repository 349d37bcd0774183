export { openFileState } from "./journal/file.js";
export { openPostgresState, type PostgresPlace } from "./journal/postgres.js";
export type { Change, JournalStore, Reading, SharedState, Writer } from "./journal/store.js";
export type { HeldLock, LockMode, LockRequest } from "./lock/acquire.js";
export { acquireLock, currentActor } from "./lock/acquire.js";
export { describeHolder, LostLockError } from "./lock/errors.js";
export type { LockRecord } from "./lock/store.js";
export * from "./types.js";
