import { type Operation, type QueryParameter, routeOf } from "../api/operations.js";
import { isPaging } from "../api/paging.js";
import { aliasesOf, isReference, type Resource, referredBy } from "../api/resources.js";
import { newCanary } from "../canary.js";
import { differ } from "../comparison.js";
import { randomLike } from "../ids.js";
import { sightings } from "../marks.js";
import type { Planted } from "../planting/planted.js";
import { type Leak, type Observation, type Probe, unfit } from "../probe.js";
import { fresh, type Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import type { World } from "../world.js";

const mostParameters = 10;
const mostValues = 4;
/** Enough of a canary to be found by its beginning. */
const beginning = 11;

/** Parameters that choose columns or order, not rows. */
const shaping =
  /^(includes?|expand|embed|with|populate|relations?|join|fields|select|sort(_?(by|order))?|order(_?by)?|direction|format|locale|lang(uage)?)(\[\])?$/i;

/**
 * A filters its own list by what stands in B's data, and by what stands nowhere: the answers are alike, or the
 * filter looks at B's rows.
 */
export function filterOracle(operation: Operation, world: World): Probe {
  const filters = operation.query.filter(isFilter).slice(0, mostParameters);
  return {
    rule: "isolation/filter-oracle",
    label: "filter",
    route: () => routeOf(operation),
    unfit: ({ isList }) => {
      if (!isList) return "there is no list of it";
      return filters.length ? undefined : "its document names no filter";
    },

    async attempt(scene: Scene, wire: Wire): Promise<Observation> {
      const { attacker, victim, list, marks, own } = scene;
      const leaks: Leak[] = [];
      let tried = 0;
      for (const { name } of filters) {
        for (const { value, random } of valuesFor(name, world, scene)) {
          tried += 1;
          const ask = (text: string) =>
            wire.ask(attacker, list, { query: { ...fresh(scene).query, [name]: text } });
          const askNone = () => ask(random());
          const askFor = () => ask(value);
          const control = await askNone();
          const attack = await askFor();
          const seen = sightings(attack, marks);
          if (seen.length > 0) {
            const message = `${attacker.name}'s own list, filtered by ${name}, holds data of ${victim.name}`;
            leaks.push({ rule: "isolation/list", variant: `${name}=`, message, attack, control: own, seen });
            break;
          }
          if (!(await differ(attack, control, askFor, askNone))) continue;
          const message = `${attacker.name}'s own list answers otherwise where ${name} is a value that only ${victim.name} has`;
          leaks.push({ variant: `${name}=`, message, attack, control, seen: [] });
          break;
        }
      }
      return tried > 0 || leaks.length > 0
        ? { leaks }
        : unfit("no value of the other tenant's is known for it");
    },
  };
}

function isFilter(parameter: QueryParameter): boolean {
  const { name, schema } = parameter;
  const { type, enum: options, format } = schema as { type?: unknown; enum?: unknown; format?: string };
  const isText = type === undefined || [type].flat().includes("string") || isReference(name);
  const isFree = options === undefined && !/^(date|time|date-time|byte|binary)$/.test(format ?? "");
  return isText && isFree && !isPaging(parameter) && !shaping.test(name);
}

interface Value {
  readonly value: string;
  /** One of the same kind that nobody has. */
  readonly random: () => string;
}

/** Values of B's that a filter of this name could meet: of the list's own objects, and of those that it names. */
function valuesFor(name: string, { planter, resources }: World, { victim, ground }: Scene): Value[] {
  const theirs = planter.planted.filter(({ owner }) => owner.name === victim.name);
  const plain = name.replace(/[^a-z0-9]/gi, "").toLowerCase();
  const target = referredBy(lastWord(name), resources);
  if (isReference(lastWord(name))) {
    const objects = target ? theirs.filter(({ resource }) => resource === target) : [];
    return objects.slice(0, 1).map(({ id }) => ({ value: id, random: () => randomLike(id) }));
  }
  const named = (resource: Resource) => aliasesOf(resource).some((alias) => plain.includes(alias));
  const objects = [
    ...(ground ? [ground.theirs] : []),
    ...theirs.filter(({ resource }) => named(resource)),
    ...theirs,
  ].filter(({ marked }) => marked.length > 0);
  const isEmail = /e?mail/i.test(name);
  return [...new Set(objects)].slice(0, mostValues).flatMap((planted) => textsOf(planted, isEmail));
}

function textsOf({ canary }: Planted, isEmail: boolean): Value[] {
  if (isEmail) {
    return [{ value: `${canary}@example.com`, random: () => `${newCanary()}@example.com` }];
  }
  return [
    { value: canary, random: () => newCanary() },
    { value: canary.slice(0, beginning), random: () => newCanary().slice(0, beginning) },
  ];
}

/** `filter[client.id]`: `id`; `client_id` and `clientId` as they are. */
function lastWord(name: string): string {
  const word = name.replace(/\]$/, "").split(/[.[]/).at(-1)!;
  return word === "id" ? name.replace(/[\].]/g, "").replace("[", "_") : word;
}
