import type { Actor } from "../actor.js";
import type { Operation } from "../api/operations.js";
import { parametersOf } from "../api/operations.js";
import { type Resource, referredBy } from "../api/resources.js";
import type { IsolationProgress } from "../run.js";
import type { Ground } from "../scene.js";
import type { World } from "../world.js";
import type { Planted, Planting } from "./planted.js";

/** What was created for a resource, or the route that could not, and why. */
export type Attempt = Ground | { readonly refused: string; readonly operation: Operation } | undefined;

/**
 * An object of each tenant's for every resource, before anything is tried: what one resource shows of another
 * is there to be seen. Resources that create nothing themselves, such as `/clients/{id}/contracts/{id}`, get
 * what was created elsewhere.
 */
export async function plantAll(
  world: World,
  progress: IsolationProgress,
): Promise<ReadonlyMap<Resource, Attempt>> {
  const attempts = new Map<Resource, Attempt>();
  if (world.isReadOnly) return attempts;
  const { resources } = world;
  for (const [done, resource] of resources.entries()) {
    progress({ title: `creates ${resource.name}`, done, total: 2 * resources.length + 1 });
    attempts.set(resource, await plantBoth(world, resource));
  }
  for (const resource of resources) {
    if (!resource.create && resource.item) attempts.set(resource, await borrowed(world, resource, attempts));
  }
  return attempts;
}

async function plantBoth({ planter, options }: World, resource: Resource): Promise<Attempt> {
  const { create } = resource;
  if (!create) return undefined;
  const mine = await planter.plant(options.attacker, resource);
  if ("refused" in mine) return { refused: mine.refused, operation: create };
  const theirs = await planter.plant(options.victim, resource);
  if ("refused" in theirs) return { refused: theirs.refused, operation: create };
  return { mine, theirs, planter, another: (owner) => planter.plant(owner, resource) };
}

/** The objects of the resource that creates them, under this one's path. */
async function borrowed(
  { planter, resources }: World,
  resource: Resource,
  attempts: ReadonlyMap<Resource, Attempt>,
): Promise<Attempt> {
  const own = parametersOf(resource.item!).at(-1)!;
  const creators = resources.filter(
    (each) => each !== resource && each.create && each.name === resource.name,
  );
  const source =
    creators[0] ??
    referredBy(
      own,
      resources.filter(({ create }) => create),
    );
  const ground = source && attempts.get(source);
  if (!ground || "refused" in ground) return undefined;
  const placed = async (planted: Planted): Promise<Planted | undefined> => {
    const known = { [own]: planted.id };
    const parameters = await planter.parametersFor(planted.owner, resource.item!, known);
    const url = parameters && planter.urlOf(resource.item!, parameters);
    return url === undefined
      ? undefined
      : { ...planted, resource, home: resource, parameters: parameters!, url };
  };
  const [mine, theirs] = [await placed(ground.mine), await placed(ground.theirs)];
  if (!mine || !theirs) return undefined;
  const another = async (owner: Actor): Promise<Planting> => {
    const planted = await ground.another(owner);
    if ("refused" in planted) return planted;
    return (await placed(planted)) ?? { refused: `${resource.item} has a parameter that is not known` };
  };
  return { mine, theirs, planter, another };
}
