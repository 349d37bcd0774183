/** What the command line and other domains may use of the database audits. */

export { type Application, schemasOf, storedName } from "./application.js";
export {
  auditDatabase,
  checkTitles,
  type DatabaseAuditOptions,
  type DatabaseCheck,
  readAudited,
} from "./audit.js";
export { type Audited, everyTable } from "./audited.js";
export { type AuditedTable, columnNamed, tableSubject } from "./audited-table.js";
export type { CatalogColumn, CatalogForeignKey, CatalogIndex, CatalogTable } from "./catalog/types.js";
export { auditConnections, type ConnectionOptions, connectionsCheck } from "./connections/index.js";
export { auditDistribution, distributionCheck } from "./distribution/index.js";
export type { DistributionOptions } from "./distribution/options.js";
export { type HiddenQuestion, type HiddenRows, readHiddenRows } from "./hidden.js";
export { invalidIndex } from "./readiness/invalid-index.js";
export { isUsable, partitionsOf, partsOf } from "./readiness/leading-index.js";
export type { Reference } from "./references.js";
export { refusal } from "./refusal.js";
export { type NewIndex, newIndex } from "./remedies/create-index.js";
export { defaultName, freeName } from "./remedies/names.js";
export { asMigration, fieldOf, migratedName, prismaSide, type Remedy } from "./remedies/remedy.js";
export type { ScanProgress } from "./scans/run.js";
export { auditSlowQueries, slowQueriesCheck } from "./slow-queries/index.js";
export type { SlowQueryOptions, StatementOrder } from "./slow-queries/statements.js";
export { checkIntegrity, integrityCheck } from "./snapshots/index.js";
export type { Invariant } from "./snapshots/invariants.js";
export { loadSnapshot, newestSnapshot, snapshotFile, storeSnapshot } from "./snapshots/store.js";
export { momentOf, type SnapshotOptions, type Taken, takeSnapshot } from "./snapshots/take.js";
export type { WriteTimes } from "./snapshots/write-times.js";
export * from "./statements/index.js";
export { qualified } from "./tenant-source.js";
