import { answersJson, isEventStream, type Operation } from "./api/operations.js";
import { bare, type Resource } from "./api/resources.js";
import { objectParameters } from "./api/tenant-parameters.js";
import type { Probe } from "./probe.js";
import { actOn } from "./probes/act-on.js";
import { childThroughParent } from "./probes/child-through-parent.js";
import { createIntoTenant } from "./probes/create-into-tenant.js";
import { remove } from "./probes/delete.js";
import { existenceByChange } from "./probes/existence-oracle.js";
import { filterOracle } from "./probes/filter-oracle.js";
import { moveIntoTenant } from "./probes/move-into-tenant.js";
import { nestedInclude } from "./probes/nested-include.js";
import { readRoute } from "./probes/read-route.js";
import { update } from "./probes/update.js";
import { readingProbes } from "./reading-probes.js";
import type { Scene } from "./scene.js";
import type { World } from "./world.js";

/** The probes that fit a resource: reading ones always, the others where objects were created for it. */
export function probesOf(world: World, resource: Resource, scene: Scene): Probe[] {
  const reads = [resource.list, resource.read].filter((each) => each !== undefined && answersJson(each));
  const reading = [
    ...readingProbes.filter((probe) => fits(probe, resource)),
    ...reads.map((each) => nestedInclude(each!, world)),
    ...(resource.list ? [filterOracle(resource.list, world)] : []),
  ];
  return scene.ground ? [...reading, ...writingProbes(world, resource)] : reading;
}

/** The loudest last: what deletes leaves nothing for the others. */
function writingProbes({ operations, resources, options }: World, resource: Resource): Probe[] {
  const { list, read, updates, remove: removal, create, item, actions } = resource;
  const isRole = options.creator !== undefined;
  const acts = actions.filter(({ method }) => method !== "GET" && method !== "DELETE");
  const onItem = [read, ...updates, removal].filter((each) => each !== undefined);
  const changing = [
    ...acts.map((each) =>
      actOn(
        each,
        acts.filter((other) => other !== each),
      ),
    ),
    ...(removal ? [remove(removal)] : []),
  ];
  if (isRole) return [...updates.map(update), ...changing];
  return [
    ...(list && objectParameters(list.path, options.tenantFields).length > 0 ? [readRoute(list)] : []),
    ...(item === undefined ? [] : readsBelow(item, operations, resources)).map(readRoute),
    ...(create ? [createIntoTenant(create)] : []),
    ...updates.flatMap((each) => [update(each), existenceByChange(each), moveIntoTenant(each)]),
    ...onItem
      .filter(({ path }) => objectParameters(path, options.tenantFields).length > 1)
      .map(childThroughParent),
    ...changing,
  ];
}

function fits({ rule }: Probe, { read }: Resource): boolean {
  return read !== undefined || (rule !== "isolation/read-by-id" && rule !== "isolation/existence-oracle");
}

/** Routes that read something of one object; an object below it is a resource of its own. */
function readsBelow(
  item: string,
  operations: readonly Operation[],
  resources: readonly Resource[],
): Operation[] {
  const ofOthers = new Set(resources.flatMap(({ read, list, create }) => [read, create && list]));
  return operations.filter(
    (each) =>
      each.method === "GET" &&
      bare(each.path).startsWith(`${bare(item)}/`) &&
      !ofOthers.has(each) &&
      !isEventStream(each),
  );
}
