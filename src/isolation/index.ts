/** What the command line may use of the isolation probes. */
export type { Actor, Binding } from "./actor.js";
export { type ApiCheck, checkApi, stateFolderOf } from "./check-api.js";
export { checkUrl, type UrlCheck } from "./check-url.js";
export { cleanUpLeftovers } from "./cleanup.js";
export { checkCoverage, type ProbedCell } from "./coverage.js";
export { type IsolationProgress, isolationCheck } from "./run.js";
