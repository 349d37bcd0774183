import { HttpFailure } from "../adapters/http/failure.js";
import { InconclusiveError } from "../findings/errors.js";
import type { RuleId } from "../findings/rules.js";
import type { Call } from "./actor.js";
import { type Operation, parametersOf, routeOf } from "./api/operations.js";
import { pagesOf, requiredQuery } from "./api/paging.js";
import { bare, type Resource } from "./api/resources.js";
import { tenantParameters } from "./api/tenant-parameters.js";
import { openScene, type Route } from "./open-scene.js";
import { type Cell, mostSilent, type Probe, tryProbe } from "./probe.js";
import { actOn } from "./probes/act-on.js";
import { createIntoTenant } from "./probes/create-into-tenant.js";
import { remove } from "./probes/delete.js";
import { foreignKeyConnect } from "./probes/foreign-key-connect.js";
import { readRoute } from "./probes/read-route.js";
import { update } from "./probes/update.js";
import { readingProbes } from "./reading-probes.js";
import type { IsolationProgress } from "./run.js";
import type { Ground, Scene } from "./scene.js";
import type { World } from "./world.js";

/** Tries each resource: what it lists, its objects, what can be done to them. */
export async function tryResources(world: World, progress: IsolationProgress): Promise<void> {
  const { resources, run, isReadOnly } = world;
  const { wire } = run;
  for (const [done, resource] of resources.entries()) {
    progress({ title: resource.collection, done, total: resources.length + 1 });
    const ground = isReadOnly ? undefined : await plantBoth(world, resource);
    const scene = await sceneOf(world, resource, ground).catch((error: unknown) => {
      // One list that its own tenant can't read leaves open what another's would; it takes nothing from the others.
      if (error instanceof HttpFailure) {
        wire.silent += 1;
        if (wire.silent > mostSilent) throw error;
      } else if (!(error instanceof InconclusiveError)) throw error;
      run.cells.push(open("isolation/list", "list", resource.list!, error.message));
      return undefined;
    });
    if (!scene) continue;
    for (const probe of probesOf(world, resource, scene)) run.cells.push(await tryProbe(probe, scene, wire));
  }
}

/** An object of each tenant's; undefined where there can be none. */
async function plantBoth({ planter, options, run }: World, resource: Resource): Promise<Ground | undefined> {
  if (!resource.create) return undefined;
  const mine = await planter.plant(options.attacker, resource);
  const theirs = "refused" in mine ? mine : await planter.plant(options.victim, resource);
  if (!("refused" in mine) && !("refused" in theirs)) return { mine, theirs, planter };
  // A route that does not work for its own tenant leaves open what it does for another's.
  const reason = (theirs as { refused: string }).refused;
  run.cells.push(open("isolation/create-into-tenant", "create", resource.create, reason));
  return undefined;
}

function open(rule: RuleId, label: string, operation: Operation, reason: string): Cell {
  return { route: routeOf(operation), rule, label, outcome: "inconclusive", reason, leaks: [], denials: [] };
}

/** The list of a resource as both see it; undefined where it has none that both can ask for alike. */
async function sceneOf(
  world: World,
  resource: Resource,
  ground: Ground | undefined,
): Promise<Scene | undefined> {
  const { run, planter, options } = world;
  const { list, collection, item, read } = resource;
  const tenants = tenantParameters(collection, options.tenantFields);
  const url = planter.urlOf(collection, tenants);
  if (!list || url === undefined) return undefined;
  const itemPath = item ?? `${collection}/{id}`;
  const own = parametersOf(itemPath).at(-1)!;
  const call: Call = { method: "GET", url: `${url}${requiredQuery(list)}` };
  const route: Route = {
    name: routeOf(list),
    pages: pagesOf(list),
    item: (id) => ({ method: "GET", url: planter.urlOf(itemPath, { ...tenants, [own]: id })! }),
    itemRoute: read ? routeOf(read) : routeOf(list),
    ground,
  };
  return openScene(run.wire, call, options.attacker, options.victim, route);
}

/** The probes that fit a resource: reading ones always, the others where objects were created for it. */
function probesOf({ resources, operations, options }: World, resource: Resource, scene: Scene): Probe[] {
  const { read, updates, remove: removal, create, item, collection, actions } = resource;
  const left: ReadonlySet<string> = new Set([
    ...(read ? [] : ["isolation/read-by-id", "isolation/existence-oracle"]),
    ...(options.shared.includes(collection) ? ["isolation/list"] : []),
  ]);
  const reading = readingProbes.filter(({ rule }) => !left.has(rule));
  if (!scene.ground) return reading;
  const acts = actions.filter(({ method }) => method !== "GET" && method !== "DELETE");
  return [
    ...reading,
    ...(item === undefined ? [] : readsBelow(item, operations)).map(readRoute),
    ...(create ? [createIntoTenant(create), foreignKeyConnect(create, resources)] : []),
    ...updates.map(update),
    ...acts.map((each) =>
      actOn(
        each,
        acts.filter((other) => other !== each),
      ),
    ),
    ...(removal ? [remove(removal)] : []),
  ];
}

/** Routes that read something of one object, with no other id in them. */
function readsBelow(item: string, operations: readonly Operation[]): Operation[] {
  return operations.filter(
    ({ method, path }) =>
      method === "GET" &&
      bare(path).startsWith(`${bare(item)}/`) &&
      parametersOf(path).length === parametersOf(item).length,
  );
}
