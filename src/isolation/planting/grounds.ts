import type { Actor } from "../actor.js";
import { fieldAt, valuesIn } from "../api/body-paths.js";
import type { Operation } from "../api/operations.js";
import { parametersOf } from "../api/operations.js";
import { bare, type Resource, referredBy } from "../api/resources.js";
import { isObject } from "../json.js";
import { idOf, objectOf } from "../rows.js";
import type { IsolationProgress } from "../run.js";
import type { Ground } from "../scene.js";
import type { World } from "../world.js";
import { holdsCanary, type Planted, type Planting } from "./planted.js";
import type { Planter } from "./planter.js";

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
  const mine = await planter.needs.first(options.attacker, resource);
  if ("refused" in mine) return { refused: mine.refused, operation: create };
  const theirs = await planter.needs.first(options.victim, resource);
  if ("refused" in theirs) return { refused: theirs.refused, operation: create };
  return { mine, theirs, planter, another: (owner) => planter.plant(owner, resource) };
}

/** Objects that were created elsewhere, under this resource's path. */
async function borrowed(
  world: World,
  resource: Resource,
  attempts: ReadonlyMap<Resource, Attempt>,
): Promise<Attempt> {
  const { planter } = world;
  const [ground, placed] =
    creatorOf(world, resource, attempts) ??
    parentOf(world, resource, attempts) ??
    keyOf(world, resource, attempts) ??
    [];
  if (!ground || !resource.read) return undefined;
  // An id may mean something else under another path: only what shows what was sent is ours.
  const found = async (planted: Planted): Promise<Planted | undefined> => {
    const there = await placed!(planted);
    return there && holdsCanary(await planter.reader.readBack(there), planted.canary) ? there : undefined;
  };
  const mine = await found(ground.mine);
  const theirs = mine && (await found(ground.theirs));
  if (!theirs) return undefined;
  const another = async (owner: Actor): Promise<Planting> => {
    const planted = await ground.another(owner);
    if ("refused" in planted) return planted;
    return (await found(planted)) ?? { refused: `${resource.item} does not show what was created elsewhere` };
  };
  return { mine, theirs, planter, another };
}

/** What was created, and how it is found under another path; undefined where it is not there. */
type Source = [Ground, (planted: Planted) => Promise<Planted | undefined>];

/** The resource that creates such objects: `/contracts` for `/clients/{id}/contracts/{id}`. */
function creatorOf(
  { planter, resources }: World,
  resource: Resource,
  attempts: ReadonlyMap<Resource, Attempt>,
): Source | undefined {
  const own = parametersOf(resource.item!).at(-1)!;
  const creators = resources.filter((each) => each !== resource && each.create);
  const source = creators.find(({ name }) => name === resource.name) ?? referredBy(own, creators);
  const ground = groundOf(source, attempts);
  if (!ground) return undefined;
  const placed = async (planted: Planted) => {
    const known = { [own]: planted.id };
    const parameters = await planter.needs.parametersFor(planted.owner, resource.item!, known);
    return parameters && at(planter, resource, planted, parameters);
  };
  return [ground, placed];
}

/** The parent that is created with its children in it: `/quotations` for `/quotations/{id}/items/{itemId}`. */
function parentOf(
  { planter, resources }: World,
  resource: Resource,
  attempts: ReadonlyMap<Resource, Attempt>,
): Source | undefined {
  const own = parametersOf(resource.item!).at(-1)!;
  const parents = resources.filter(
    ({ item }) => item && bare(resource.collection).startsWith(`${bare(item)}/`),
  );
  const nearest = parents.sort((left, right) => right.item!.length - left.item!.length)[0];
  const ground = groundOf(nearest, attempts);
  if (!ground) return undefined;
  const placed = async (parent: Planted) => {
    const shown = objectOf((await planter.reader.readBack(parent))?.parsed.json);
    const children = shown?.[resource.name];
    const all = Array.isArray(children) ? children.filter(isObject) : [];
    const id = all.filter((each) => JSON.stringify(each).includes(parent.canary)).map(idOf)[0];
    return id === undefined
      ? undefined
      : at(planter, resource, { ...parent, id }, { ...parent.parameters, [own]: id });
  };
  return [ground, placed];
}

/** The resource that is looked up by another key: `/assets` for `/assets/by-code/{code}`. */
function keyOf(
  { planter, resources }: World,
  resource: Resource,
  attempts: ReadonlyMap<Resource, Attempt>,
): Source | undefined {
  const own = parametersOf(resource.item!).at(-1)!;
  const above = resources.find(
    (each) => each.create && bare(resource.collection).startsWith(`${bare(each.collection)}/`),
  );
  const ground = groundOf(above, attempts);
  if (!ground) return undefined;
  const placed = async (planted: Planted) => {
    const [, key] = valuesIn(planted.body).find(([path]) => fieldAt(path) === own) ?? [];
    if (typeof key !== "string") return undefined;
    const parameters = await planter.needs.parametersFor(planted.owner, resource.item!, { [own]: key });
    return parameters && at(planter, resource, { ...planted, id: key }, parameters);
  };
  return [ground, placed];
}

function groundOf(
  resource: Resource | undefined,
  attempts: ReadonlyMap<Resource, Attempt>,
): Ground | undefined {
  const attempt = resource && attempts.get(resource);
  return attempt && !("refused" in attempt) ? attempt : undefined;
}

function at(
  planter: Planter,
  resource: Resource,
  planted: Planted,
  parameters: Readonly<Record<string, string>>,
): Planted | undefined {
  const url = planter.urlOf(resource.item!, parameters);
  return url === undefined ? undefined : { ...planted, resource, home: resource, parameters, url };
}
