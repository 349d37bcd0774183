/** What the command line may use of the isolation probes. */
export type { Actor, Binding, Call } from "./actor.js";
// What smoke tests of workflows prove isolation by, too.
export { requestOf, tenantPlaceholder } from "./actor.js";
export type { RowDifference } from "./aftermath/compare.js";
export type { UnreadList } from "./aftermath/own-lists.js";
export { newCanary } from "./canary.js";
export { type ApiCheck, checkApi, type SubScope } from "./check-api.js";
export { checkUrl, type UrlCheck } from "./check-url.js";
export { type CleanupFacts, cleanUpLeftovers } from "./cleanup.js";
export { checkCoverage, type Probed, type ProbedCell } from "./coverage.js";
export { describeDocument } from "./describe-document.js";
export { Evidence } from "./evidence.js";
export { dispositionOf, type Exchange } from "./exchange.js";
export { isTellingId } from "./ids.js";
export { isObject } from "./json.js";
export { type Leaf, leavesOf } from "./leaves.js";
export { type LogIn, logIn } from "./log-in.js";
export { type Mark, type Sighting, sightings } from "./marks.js";
export { pairsOf } from "./pairs.js";
export { type Found, flawOfPlace, foundAt, valueAt } from "./place.js";
export { stateFolderOf } from "./planting/journal.js";
export type { IsolationProgress } from "./run.js";
export { requireTwo } from "./run.js";
export { expiryOf } from "./token-claims.js";
export { Wire } from "./wire.js";
