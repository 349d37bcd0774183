/** What the command line may use of the database audits. */
export { type Application, storedName } from "./application.js";
export { auditDatabase, checkTitles, type DatabaseAuditOptions, type DatabaseCheck } from "./audit.js";
export { auditConnections, type ConnectionOptions, connectionsCheck } from "./connections/index.js";
export { auditDistribution, distributionCheck } from "./distribution/index.js";
export type { DistributionOptions } from "./distribution/options.js";
export { type HiddenQuestion, type HiddenRows, readHiddenRows } from "./hidden.js";
export { defaultName, freeName } from "./remedies/names.js";
export type { ScanProgress } from "./scans/run.js";
export { auditSlowQueries, slowQueriesCheck } from "./slow-queries/index.js";
export type { SlowQueryOptions, StatementOrder } from "./slow-queries/statements.js";
export { checkIntegrity, integrityCheck } from "./snapshots/index.js";
export type { Invariant } from "./snapshots/invariants.js";
export { loadSnapshot, newestSnapshot, snapshotFile, storeSnapshot } from "./snapshots/store.js";
export { momentOf, type SnapshotOptions, type Taken, takeSnapshot } from "./snapshots/take.js";
export type { WriteTimes } from "./snapshots/write-times.js";
export * from "./statements/index.js";
