import type { Actor, Call } from "../actor.js";
import { choicesOf, exampleOf } from "../api/body.js";
import { fieldAt, valuesIn, withValues } from "../api/body-paths.js";
import type { Operation } from "../api/operations.js";
import { bare, isReference, type Resource, referredBy } from "../api/resources.js";
import { newCanary } from "../canary.js";
import { isObject, type Json } from "../json.js";
import type { World } from "../world.js";

const mostChoices = 5;

/** Where a request names several objects at once. */
export interface Batch {
  readonly operation: Operation;
  /** Of the objects. */
  readonly resource: Resource;
  /** The body's field that holds the ids; undefined where the body itself does, or the query. */
  readonly field: string | undefined;
  readonly parameter: string | undefined;
  /** Each id as it stands there: itself, or in an object. */
  readonly place: (id: string) => unknown;
}

/** Lists of ids in a body, `ids` or `assetIds` or objects with an `id`, and parameters of such names. */
export function batchesOf(operation: Operation, world: World): Batch[] {
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

/** As it is, or once for each thing that a field lets be done: `action: "archive"`. */
export function waysOf({ planter }: World, operation: Operation): [name: string, choice: Json][] {
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
export async function callFor(
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
