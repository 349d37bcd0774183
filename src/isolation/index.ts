/** What the command line may use of the isolation probes. */
export { type Actor, type Binding, type Call, requestOf } from "./actor.js";
export { type ApiCheck, checkApi } from "./check-api.js";
export { checkUrl, type UrlCheck } from "./check-url.js";
export { cleanUpLeftovers } from "./cleanup.js";
export { checkCoverage, type ProbedCell } from "./coverage.js";
export { stateFolderOf } from "./planting/journal.js";
export type { IsolationProgress } from "./run.js";
