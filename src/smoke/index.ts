/** What the command line may use of the smoke tests. */
export { cleanUpWorkflows } from "./cleanup.js";
export { type PlannedStep, plannedSteps } from "./dry-run.js";
export { readOpenJournals } from "./journal.js";
export { checkOf } from "./outcome.js";
export { parseWorkflows } from "./parse.js";
export { runSmoke, type SmokeProgress, type SmokeRun } from "./run.js";
export type { Plain, SmokeSection } from "./section.js";
export { isReference, placeholdersIn, type Values } from "./template.js";
export type { Workflow } from "./workflow.js";
