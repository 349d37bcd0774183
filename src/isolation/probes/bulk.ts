import type { Actor, Call } from "../actor.js";
import { choicesOf, exampleOf } from "../api/body.js";
import { fieldAt, valuesIn, withValues } from "../api/body-paths.js";
import { type Operation, routeOf } from "../api/operations.js";
import { bare, isReference, type Resource, referredBy } from "../api/resources.js";
import { newCanary } from "../canary.js";
import { firstChange } from "../changes.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { isObject, type Json } from "../json.js";
import { sightings } from "../marks.js";
import { ownUnderThatId } from "../planting/own-id.js";
import { isDenied, type Leak, type Observation, type Trial, unfit, unsure } from "../probe.js";
import type { World } from "../world.js";
import { effectOn, withoutEffect } from "./effect.js";
import { isGone, settled } from "./settled.js";

const mostChoices = 5;

/** Where a request names several objects at once. */
interface Batch {
  readonly operation: Operation;
  /** Of the objects. */
  readonly resource: Resource;
  /** The body's field that holds the ids; undefined where the body itself does, or the query. */
  readonly field: string | undefined;
  readonly parameter: string | undefined;
  /** Each id as it stands there: itself, or in an object. */
  readonly place: (id: string) => unknown;
}

/** A names an object of B's among its own: B reads what became of it. */
export function bulkTrials(world: World): Trial[] {
  return world.operations
    .flatMap((operation) => batchesOf(operation, world))
    .map((batch) => bulk(world, batch));
}

function bulk(world: World, batch: Batch): Trial {
  const { planter, options, run } = world;
  const { attacker, victim } = options;
  const { wire } = run;
  const { operation, resource } = batch;

  const tryChoice = async (choice: Json, name: string): Promise<Leak | string | undefined> => {
    const spare = await planter.plant(attacker, resource);
    const own = await planter.plant(attacker, resource);
    const target = await planter.plant(victim, resource);
    const twin = await planter.plant(victim, resource);
    for (const each of [spare, own, target, twin]) if ("refused" in each) return each.refused;
    if (!("id" in spare && "id" in own && "id" in target && "id" in twin)) return undefined;
    const send = async (ids: readonly string[]) =>
      wire.ask(attacker, (await callFor(world, batch, ids, choice, attacker))!);
    const { reader } = planter;
    const effect = await effectOn(planter, spare, () => send([spare.id]));
    const { answer: control } = effect;
    if (dispositionOf(control) !== "served")
      return `${attacker.name} can't do it to its own objects either: ${control.response.status}`;
    // How late it is has to be known before anything is tried.
    const isSeen = effect.isSeen || (await effect.isSeenLater());
    // Told of one object, it may do it to that one only.
    const spared = await reader.readBack(own);
    if (spared && dispositionOf(spared) === "denied")
      return `${routeOf(operation)} does more than it is told: it is not tried further`;
    const look = async () => (await reader.look(target))!;
    const before = await reader.readBack(target);
    const steady = before && (await look());
    const twinBefore = await reader.readBack(twin);
    const obstacle = await ownUnderThatId(wire, attacker, target);
    if (obstacle) return obstacle;
    const isReadable = before !== undefined && steady !== undefined && dispositionOf(before) === "served";
    let isRefused = false;
    for (const ids of [[own.id, target.id], [target.id]]) {
      const attack = await send(ids);
      isRefused = isDenied(attack);
      const seen = sightings(attack, planter.marksOf(victim));
      if (seen.length > 0) {
        const message = `${attacker.name} received ${victim.name}'s object among its own, by naming its id${name}`;
        return { variant: `answer${name}`, message, attack, control, seen };
      }
      if (!isReadable) continue;
      const isHarmed = (after: Exchange) =>
        isGone(before, after) || firstChange(before, steady, after) !== undefined;
      await reader.settle();
      const after = await settled(wire, look, attack, isHarmed);
      const beside = { before: twinBefore, after: await reader.readBack(twin) };
      if (!isGone(before, after) && !firstChange(before, steady, after, beside)) continue;
      const done = isGone(before, after) ? "deleted" : "changed";
      const message = `${attacker.name} ${done} ${victim.name}'s object among its own, by naming its id${name}`;
      return { variant: `${done}${name}`, message, attack, control: after, seen: [] };
    }
    // Named alone it is refused, and the own one is not: that is an answer by itself.
    if (isRefused) return undefined;
    if (!isReadable)
      return `nothing that ${victim.name} reads shows one object: nobody can tell what changed`;
    const isShown = sightings(control, planter.marksOf(attacker)).length > 0;
    return isSeen || isShown ? undefined : withoutEffect(attacker);
  };

  return {
    route: routeOf(operation),
    rule: "isolation/bulk",
    label: "bulk",
    async attempt(): Promise<Observation> {
      if (!resource.create) return unfit(`no ${resource.name} can be created to name`);
      if (!(await callFor(world, batch, [], {}, attacker)))
        return unfit("its path has a parameter that is not known");
      const leaks: Leak[] = [];
      const reasons: string[] = [];
      const ways = waysOf(world, operation);
      for (const [name, choice] of ways) {
        const result = await tryChoice(choice, name);
        if (typeof result === "string") reasons.push(result);
        else if (result) leaks.push(result);
      }
      // One of several things to do with a batch may not fit new objects.
      return leaks.length === 0 && reasons.length === ways.length ? unsure(reasons[0]!) : { leaks };
    },
  };
}

/** As it is, or once for each thing that a field lets be done: `action: "archive"`. */
function waysOf({ planter }: World, operation: Operation): [name: string, choice: Json][] {
  const { document } = planter.options;
  const [choice] = choicesOf(document, operation).filter(([field]) =>
    /action|operation|^op$|verb|mode/i.test(field),
  );
  if (!choice) return [["", {}]];
  const [field, values] = choice;
  return values
    .filter((value) => !/^(all|every|everything|any|\*)$/i.test(String(value)))
    .slice(0, mostChoices)
    .map((value) => [`, ${field} ${String(value)}`, { [field]: value }]);
}

/** Undefined where its path has a parameter that is not known. */
async function callFor(
  { planter }: World,
  { operation, field, parameter, place }: Batch,
  ids: readonly string[],
  choice: Json,
  actor: Actor,
): Promise<Call | undefined> {
  const parameters = await planter.needs.parametersFor(actor, operation.path);
  const url = parameters && planter.urlOf(operation.path, parameters);
  if (url === undefined) return undefined;
  const { method } = operation;
  if (parameter !== undefined) {
    const search = new URLSearchParams(ids.map((id): [string, string] => [parameter, id]));
    return { method, url: `${url}?${search}` };
  }
  const placed = ids.map(place);
  if (field === undefined) return { method, url, body: placed };
  const filled = await planter.bodies.bodyFor(actor, operation, newCanary());
  return { method, url, body: withValues({ ...modest(filled?.body ?? {}), ...choice }, { [field]: placed }) };
}

/** Nothing of a body may mean more than the objects that it names: `selectAll: true`. */
function modest(body: Json): Json {
  const isGreedy = (field: string) => /(^|[a-z_])(all|every|everything)([A-Z_]|$)/i.test(field);
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => [field, isGreedy(field) && value === true ? false : value]),
  );
}

/** Lists of ids in a body, `ids` or `assetIds` or objects with an `id`, and parameters of such names. */
function batchesOf(operation: Operation, world: World): Batch[] {
  const { resources, planter } = world;
  // A PUT of a list says what there shall be, and takes away the rest.
  if (operation.method === "PUT") return [];
  const isOfOne = resources.some(({ item }) => item !== undefined && bare(item) === bare(operation.path));
  const isCreate =
    resources.some(({ create }) => create === operation) && !/bulk|batch/i.test(operation.path);
  if (isOfOne || isCreate) return [];
  const here = resources
    .filter(({ collection, create }) => create && bare(operation.path).startsWith(bare(collection)))
    .sort((left, right) => right.collection.length - left.collection.length)
    .find(({ create }) => create !== operation);
  const meant = (name: string) =>
    /^(id|uuid)s?$/i.test(name) ? here : (referredBy(name, resources) ?? here);
  const byQuery = operation.query.filter(({ name }) => namesIds(name.replace("[]", ""))).slice(0, 1);
  if (operation.method === "GET" || byQuery.length > 0) {
    return byQuery.flatMap(({ name }): Batch[] => {
      const resource = meant(name.replace("[]", ""));
      return resource ? [{ operation, resource, field: undefined, parameter: name, place: (id) => id }] : [];
    });
  }
  const example = exampleOf(planter.options.document, operation.body);
  if (Array.isArray(example)) return inList(operation, undefined, example[0], here, meant);
  if (!isObject(example)) return [];
  return valuesIn(example).flatMap(([field, value]) =>
    Array.isArray(value) ? inList(operation, field, value[0], here, meant) : [],
  );
}

function inList(
  operation: Operation,
  field: string | undefined,
  first: unknown,
  here: Resource | undefined,
  meant: (name: string) => Resource | undefined,
): Batch[] {
  const batch = { operation, field, parameter: undefined } as const;
  if (isObject(first)) {
    const key = Object.keys(first).find((each) => /^(id|uuid)$/i.test(each) || meantHere(each, here, meant));
    if (key === undefined || !here) return [];
    return [{ ...batch, resource: here, place: (id) => ({ ...first, [key]: sameKind(first[key], id) }) }];
  }
  const resource = field === undefined ? here : namesIds(fieldAt(field)) ? meant(fieldAt(field)) : undefined;
  return resource ? [{ ...batch, resource, place: (id) => sameKind(first, id) }] : [];
}

/** `assetId` in a list of assets. */
function meantHere(name: string, here: Resource | undefined, meant: (name: string) => Resource | undefined) {
  return isReference(name) && here !== undefined && meant(name) === here;
}

function namesIds(name: string): boolean {
  return (
    /^(ids?|uuids|keys)$|Ids$|_ids$|Uuids$/.test(name) && !/keep|except|exclu|not|other|retain/i.test(name)
  );
}

function sameKind(example: unknown, id: string): unknown {
  return typeof example === "number" && /^\d+$/.test(id) ? Number(id) : id;
}
