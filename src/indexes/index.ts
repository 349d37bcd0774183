/** What the command line may use of the index work. */
export {
  createStatement,
  type IndexColumn,
  type IndexDefinition,
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
export { indexPlanCheck, type PlannedIndexes, planIndexes } from "./plan/index.js";
export { auditIndexUsage, indexUsageCheck, type ReadServer } from "./usage/index.js";
export { type UsageOptions, type UsageOrder, usageOrders } from "./usage/types.js";
