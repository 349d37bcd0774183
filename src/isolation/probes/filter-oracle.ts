import type { Actor } from "../actor.js";
import { fieldAt, valuesIn } from "../api/body-paths.js";
import { type Operation, type QueryParameter, routeOf } from "../api/operations.js";
import { isPaging } from "../api/paging.js";
import { aliasesOf, bare, isReference, type Resource, referredBy } from "../api/resources.js";
import { newCanary } from "../canary.js";
import { differ } from "../comparison.js";
import { dispositionOf } from "../exchange.js";
import { randomLike } from "../ids.js";
import { sightings } from "../marks.js";
import type { Planted } from "../planting/planted.js";
import type { Planter } from "../planting/planter.js";
import { type Leak, type Observation, type Probe, unfit } from "../probe.js";
import { fresh, type Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import type { World } from "../world.js";

const mostParameters = 10;
const mostValues = 4;
/** Enough of a canary to be found by its beginning. */
const beginning = 11;

/** Parameters that choose columns, not rows. */
const shaping =
  /^(includes?|expand|embed|with|populate|relations?|join|fields|select|direction|format|locale|lang(uage)?)(\[\])?$/i;
/** Order is no oracle by itself; a query of its own may lack the tenant. */
const sorting = /^(sort|order)(_?(by|order))?(\[\])?$/i;
const mostColumns = 6;

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
      for (const parameter of filters) {
        const { name } = parameter;
        for (const { value, random } of valuesFor(parameter, world, scene, operation)) {
          const ask = (text: string) =>
            wire.ask(attacker, list, { query: { ...fresh(scene).query, [name]: text } });
          const askFor = () => ask(value);
          const attack = await askFor();
          // What is refused filters nothing; that refusals differ is another class.
          if (dispositionOf(attack) === "denied") continue;
          tried += 1;
          const seen = sightings(attack, marks);
          if (seen.length > 0) {
            const message = `${attacker.name}'s own list, filtered by ${name}, holds data of ${victim.name}`;
            leaks.push({ rule: "isolation/list", variant: `${name}=`, message, attack, control: own, seen });
            break;
          }
          if (!random) continue;
          const askNone = () => ask(random());
          const control = await askNone();
          if (!(await differ(attack, control, askFor, askNone))) continue;
          // What any one value changes is the question's own: its hash, its echo in capitals.
          const fixed = random();
          const askFixed = () => ask(fixed);
          if (await differ(await askFixed(), control, askFixed, askNone)) continue;
          const message = `${attacker.name}'s own list answers otherwise where ${name} is a value that only ${victim.name} has`;
          leaks.push({ variant: `${name}=`, message, attack, control, seen: [] });
          break;
        }
      }
      return tried > 0 || leaks.length > 0
        ? { leaks }
        : unfit("the API refuses its filters, or nothing of the other tenant's is known for them");
    },
  };
}

function isFilter(parameter: QueryParameter): boolean {
  const { name, schema } = parameter;
  const isWhen = /^(date|time|date-time|byte|binary)$/.test(String(schema.format ?? ""));
  return !isWhen && !isPaging(parameter) && !shaping.test(name);
}

interface Value {
  readonly value: string;
  /** One of the same kind that nobody has; undefined where many may have this one. */
  readonly random: (() => string) | undefined;
}

/** Values of B's that a filter of this name could meet: of the list's own objects, and of those that it names. */
function valuesFor(
  { name, schema }: QueryParameter,
  { planter, resources }: World,
  { attacker, victim, ground }: Scene,
  { path }: Operation,
): Value[] {
  // What a choice or a number lets through is not B's alone: only rows of B's would tell.
  const options = schema.enum ?? (schema.type === "boolean" ? [true, false] : undefined);
  if (Array.isArray(options))
    return options.slice(0, mostValues).map((value) => ({ value: String(value), random: undefined }));
  const theirs = nearestFirst(planter.plantedBy(victim), path);
  const bodies = (ground ? [ground.theirs] : theirs).map(({ body }) => body);
  if (sorting.test(name)) {
    const columns = bodies.flatMap((body) => valuesIn(body).map(([path]) => fieldAt(path)));
    return [...new Set(columns)].slice(0, mostColumns).map((value) => ({ value, random: undefined }));
  }
  const field = fieldAt(name.replace(/[[\]]+/g, ".").replace(/\.$/, ""));
  const [, own] = bodies.flatMap((body) => valuesIn(body)).find(([path]) => fieldAt(path) === field) ?? [];
  if (typeof own === "number") return [{ value: String(own), random: undefined }];
  const plain = name.replace(/[^a-z0-9]/gi, "").toLowerCase();
  const target = referredBy(lastWord(name), resources);
  if (isReference(lastWord(name))) {
    const objects = target ? theirs.filter(({ resource }) => resource === target) : [];
    return objects.slice(0, 1).map(({ id }) => ({ value: id, random: () => randomLike(id) }));
  }
  const named = (resource: Resource) => aliasesOf(resource).some((alias) => plain.includes(alias));
  const exact =
    typeof own === "string"
      ? [{ value: own, random: isKnownTo(attacker, own, planter) ? undefined : () => randomLike(own) }]
      : [];
  const objects = [
    ...(ground ? [ground.theirs] : []),
    ...theirs.filter(({ resource }) => named(resource)),
    ...theirs,
  ].filter(({ marked }) => marked.length > 0);
  const isEmail = /e?mail/i.test(name);
  return [
    ...exact,
    ...[...new Set(objects)].slice(0, mostValues).flatMap((planted) => textsOf(planted, isEmail)),
  ];
}

/** `/assets/availability` speaks of assets, so of their values first. */
function nearestFirst(planted: readonly Planted[], path: string): Planted[] {
  const isAbove = ({ resource }: Planted) => path.startsWith(`${bare(resource.collection)}/`);
  return [...planted.filter(isAbove), ...planted.filter((each) => !isAbove(each))];
}

/** Whether an object of the attacker's own holds a value. */
function isKnownTo(owner: Actor, value: string, planter: Planter): boolean {
  return planter.plantedBy(owner).some(({ body }) => valuesIn(body).some(([, each]) => each === value));
}

function textsOf({ canary, body }: Planted, isEmail: boolean): Value[] {
  if (isEmail) {
    const address = valuesIn(body).find(([, value]) => /^\S+@\S+$/.test(String(value)))?.[1];
    return address === undefined
      ? []
      : [{ value: String(address), random: () => `${newCanary()}@example.com` }];
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
