/** What the command line may use of the database audits. */
export type { Application } from "./application.js";
export { auditDatabase, checkTitles, type DatabaseAuditOptions, type DatabaseCheck } from "./audit.js";
export { auditDistribution } from "./distribution/index.js";
export type { DistributionOptions, Reading, TableDistribution } from "./distribution/types.js";
export { type HiddenQuestion, type HiddenRows, readHiddenRows } from "./hidden.js";
export type { ScanProgress } from "./scans/run.js";
