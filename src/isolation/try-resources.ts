import { HttpFailure } from "../adapters/http/failure.js";
import { InconclusiveError } from "../findings/errors.js";
import type { RuleId } from "../findings/rules.js";
import type { Call } from "./actor.js";
import { answersJson, type Operation, parametersOf, routeOf } from "./api/operations.js";
import { pagesOf, requiredQuery } from "./api/paging.js";
import { isReference, type Resource } from "./api/resources.js";
import { isSameRoute } from "./api/route-match.js";
import { withTenant } from "./api/tenant-parameters.js";
import { openScene, RefusedControl, type Route } from "./open-scene.js";
import { onePage } from "./pages.js";
import { plantAll } from "./planting/grounds.js";
import { type Cell, mostSilent, tryProbe } from "./probe.js";
import { probesOf } from "./resource-probes.js";
import type { IsolationProgress } from "./run.js";
import type { Ground, Scene } from "./scene.js";
import type { World } from "./world.js";

/** Requests at once of all routes together, and of one. */
const wholeCrowd = 3000;
const smallestCrowd = 128;
const largestCrowd = 400;

/**
 * Tries each resource: what it lists, its objects, what can be done to them.
 *
 * @returns what was created for each
 */
export async function tryResources(
  world: World,
  progress: IsolationProgress,
): Promise<ReadonlyMap<Resource, Ground>> {
  const { resources, run } = world;
  const { wire } = run;
  const attempts = await plantAll(world, progress);
  const grounds = new Map<Resource, Ground>();
  for (const [done, resource] of resources.entries()) {
    progress({ title: resource.collection, done: resources.length + done, total: 2 * resources.length + 1 });
    const attempt = attempts.get(resource);
    const isRefused = attempt !== undefined && "refused" in attempt;
    const ground = isRefused ? undefined : attempt;
    if (ground) grounds.set(resource, ground);
    // A route that does not work for its own tenant leaves open what it does for another's.
    if (isRefused)
      run.cells.push(openCell("isolation/create-into-tenant", "create", attempt.operation, attempt.refused));
    const scene = await sceneOf(world, resource, ground).catch((error: unknown) => {
      // One list that its own tenant can't read leaves open what another's would; it takes nothing from the others.
      if (error instanceof HttpFailure) {
        wire.silent += 1;
        if (wire.silent > mostSilent) throw error;
      } else if (!(error instanceof InconclusiveError)) throw error;
      const isRefusal = error instanceof RefusedControl;
      if (isRefusal) run.controls.push({ status: error.status });
      const reason = isRefusal ? error.reason : error.message;
      run.cells.push(openCell("isolation/list", "list", (resource.list ?? resource.read)!, reason));
      return undefined;
    });
    if (!scene) continue;
    run.controls.push({ status: scene.own.response.status });
    for (const probe of probesOf(world, resource, scene)) run.cells.push(await tryProbe(probe, scene, wire));
  }
  return grounds;
}

function openCell(rule: RuleId, label: string, operation: Operation, reason: string): Cell {
  return { route: routeOf(operation), rule, label, outcome: "inconclusive", reason, leaks: [], denials: [] };
}

/**
 * What both tenants can ask a resource for alike: its list, below an object of each one's own where it stands
 * below one; else each one's own object. Undefined where there is neither.
 */
async function sceneOf(
  { run, planter, options, resources }: World,
  resource: Resource,
  ground: Ground | undefined,
): Promise<Scene | undefined> {
  const { attacker, victim } = options;
  const { collection, read } = resource;
  const list = resource.list && answersJson(resource.list) ? resource.list : undefined;
  const mine = ground?.mine.parameters ?? (await planter.needs.parametersFor(attacker, collection));
  const theirs = ground?.theirs.parameters ?? (await planter.needs.parametersFor(victim, collection));
  const asked = list ?? (ground && read);
  if (!asked || !mine || !theirs) return undefined;
  const itemPath = resource.item ?? `${collection}/{id}`;
  const own = parametersOf(itemPath).at(-1)!;
  const call: Call = {
    method: "GET",
    url: `${planter.options.baseUrl}${withTenant(asked.path, options.tenantFields)}${requiredQuery(asked)}`,
    own: { [attacker.name]: mine, [victim.name]: theirs },
  };
  const route: Route = {
    name: routeOf(asked),
    isList: asked === list,
    pages: asked === list ? pagesOf(asked) : onePage,
    // Below the victim's own parent: an object under another parent is another class.
    item: (id) => ({ method: "GET", url: planter.urlOf(itemPath, { ...theirs, [own]: id })! }),
    itemRoute: read ? routeOf(read) : routeOf(asked),
    ground,
    planter,
    // `?practiceId=` may choose the practice.
    tenantFields: [
      ...options.tenantFields,
      ...asked.query.map(({ name }) => name).filter((name) => isReference(name)),
    ],
    crowd: Math.round(Math.max(smallestCrowd, Math.min(largestCrowd, wholeCrowd / resources.length))),
    isShared: options.shared.some((path) => isSameRoute(path, collection)),
    isRole: options.creator !== undefined,
  };
  return openScene(run.wire, call, attacker, victim, route);
}
