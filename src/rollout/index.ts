/** What the command line may use of rollouts. */
export { chooseCanary, planWaves } from "./choose.js";
export {
  type ActionEnd,
  type ActionResult,
  type DeployOptions,
  deployTo,
  type GuardMode,
  rollBack,
  rollbackTargets,
  setGuard,
  type Targets,
} from "./fleet/actions.js";
export { type Fleet, settleFleet } from "./fleet/fleet.js";
export { type ActionOptions, type FleetHost, hostsNamed, readHosts } from "./fleet/hosts.js";
export { askHosts } from "./truth/ask.js";
export { type HostAnswer, judgeHost, mostServed, type Wanted } from "./truth/judge.js";
export { checkFleet, fleetCheck } from "./truth/status.js";
