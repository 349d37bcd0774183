/** What the command line may use of the load comparison. */
export { fewestPairs } from "./degradation.js";
export { fewestAnswers, tooSeldom } from "./feasibility.js";
export type { Margins } from "./judge.js";
export {
  type LoadPlan,
  lengthOf,
  lengthWords,
  orderOf,
  orderWords,
  type Side,
  warmupBefore,
} from "./plan.js";
export { apiOf, checkLoad, type LoadOptions, loadCheck } from "./run.js";
export type { ModeSwitch, Turn } from "./switch.js";
export type { Target } from "./target.js";
