/** What the command line may use of rollouts. */
export { chooseCanary, planWaves } from "./choose.js";
export {
  type ActionEnd,
  type ActionResult,
  type DeployOptions,
  deployTo,
  type GuardMode,
  rollBack,
  rollbackTargets,
  setGuard,
  type Targets,
} from "./fleet/actions.js";
export { type Fleet, settleFleet } from "./fleet/fleet.js";
export { type ActionOptions, type FleetHost, hostsNamed, readHosts } from "./fleet/hosts.js";
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
export { askHosts } from "./truth/ask.js";
export { type HostAnswer, judgeHost, mostServed, type Wanted } from "./truth/judge.js";
export { checkFleet, fleetCheck } from "./truth/status.js";
export * from "./types.js";
