/** What the command line may use of the index work. */
export { createIndexes } from "./create.js";
export {
  createStatement,
  type IndexColumn,
  type IndexDefinition,
  indexName,
  isWholeName,
  type StatementOptions,
  shownIndex,
  shownTable,
  usualIndexName,
} from "./definition.js";
export {
  type IndexFile,
  parseIndexFile,
  requireDistinct,
  type WantedIndex,
  writeIndexFile,
} from "./definition-file.js";
export { dropIndexes } from "./drop.js";
export { builtIn, type DropTarget, resolveNames } from "./drop-target.js";
export { isAbout, journalsOf, openJournal } from "./journal.js";
export type { Lag, Limits } from "./limits.js";
export { indexWorkCheck, outcomeOfPreview, outcomeOfWork } from "./outcome.js";
export { indexPlanCheck, type PlannedIndexes, planIndexes } from "./plan/index.js";
export { type IndexPreview, previewDrop, previewIndex } from "./preview.js";
export type { Blocker, BuildProgress } from "./progress.js";
export type { IndexResult } from "./result.js";
export { type OpenWork, openWork, resumeWork } from "./resume.js";
export { type RunOptions, type Site, withSite } from "./run.js";
export type { WorkEvent } from "./tools.js";
export { auditIndexUsage, indexUsageCheck, type ReadServer } from "./usage/index.js";
export { type UsageOptions, type UsageOrder, usageOrders } from "./usage/types.js";
