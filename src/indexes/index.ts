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
