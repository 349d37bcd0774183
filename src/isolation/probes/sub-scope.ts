import type { Actor, Call } from "../actor.js";
import { answersJson, isEventStream, type Operation, routeOf } from "../api/operations.js";
import { pagesOf, requiredQuery } from "../api/paging.js";
import { aliasesOf, type Resource } from "../api/resources.js";
import { differ } from "../comparison.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { isTellingId, randomLike } from "../ids.js";
import { sightings } from "../marks.js";
import { allPages } from "../pages.js";
import { holdsCanary } from "../planting/planted.js";
import { isDenied, type Leak, noLeak, type Observation, type Trial, unfit, unsure } from "../probe.js";
import { rowsOf } from "../rows.js";
import type { World } from "../world.js";

const rule = "isolation/sub-scope";
const label = "unit";

/** Units inside a tenant: how a request names one, and which are whose. */
interface Units {
  readonly header: string;
  readonly own: string;
  readonly foreign: string;
  /** Units of A's own tenant that its user may not use. */
  readonly refused: readonly string[];
}

/** A's user with a unit of B's, and with one of its own tenant that is not its own. */
export async function subScopeTrials(world: World): Promise<Trial[]> {
  const units = await unitsOf(world);
  if (!units) return world.options.subScope ? untold(world) : [];
  const { resources } = world;
  const isReading = world.isReadOnly || world.options.creator !== undefined;
  return [
    ...resources.flatMap((resource) =>
      resource.list && answersJson(resource.list) && !isEventStream(resource.list)
        ? [listTrial(world, resource, resource.list, units)]
        : [],
    ),
    ...resources.flatMap((resource) =>
      resource.create && !isReading ? [createTrial(world, resource, resource.create, units)] : [],
    ),
  ];
}

/** One cell says that nothing was tried, and what it takes. */
function untold({ resources }: World): Trial[] {
  const list = resources.find((each) => each.list)?.list;
  const reason = "no unit of each tenant is known: isolation.tenants.a.subScopes names them";
  return list ? [{ route: routeOf(list), rule, label, attempt: async () => unfit(reason) }] : [];
}

function listTrial(world: World, resource: Resource, list: Operation, units: Units): Trial {
  const { planter, options, run } = world;
  const { attacker, victim } = options;
  const { wire } = run;
  return {
    ...{ route: routeOf(list), rule, label },
    async attempt(): Promise<Observation> {
      const parameters = await planter.needs.parametersFor(attacker, resource.collection);
      const url = parameters && planter.urlOf(resource.collection, parameters);
      if (url === undefined) return unfit("its path has a parameter that is not known");
      const call: Call = { method: "GET", url: `${url}${requiredQuery(list)}` };
      const ask = (unit: string) => wire.ask(attacker, call, { headers: { [units.header]: unit } });
      const control = await ask(units.own);
      if (dispositionOf(control) !== "served")
        return unsure(`${attacker.name} can't read it with its own unit either: ${control.response.status}`);
      const isThere = await showsInUnit(world, resource, list, units);
      const attack = await ask(units.foreign);
      const seen = sightings(attack, planter.marksOf(victim));
      if (seen.length > 0) {
        const message = `with ${victim.name}'s unit in ${units.header}, ${attacker.name} received data of ${victim.name}`;
        return { leaks: [{ variant: "foreign unit", message, attack, control, seen }] };
      }
      const random = await ask(randomLike(units.foreign));
      // A unit that is not there is refused, so one that is let in was looked up, and not within the tenant.
      const isOwn = attack.response.body === control.response.body;
      if (dispositionOf(attack) === "served" && isDenied(random) && !isOwn) {
        const message = `${attacker.name} may name ${victim.name}'s unit in ${units.header}; one that does not exist is refused`;
        return { leaks: [{ variant: "foreign unit", message, attack, control: random, seen: [] }] };
      }
      const leaks: Leak[] = [];
      for (const unit of units.refused) {
        const other = await ask(unit);
        const isOpen = dispositionOf(other) === "served" && (rowsOf(other.parsed.json) ?? []).length > 0;
        const isHonoured = await differ(
          other,
          control,
          () => ask(unit),
          () => ask(units.own),
        );
        if (!isOpen || !isHonoured) continue;
        const message = `${attacker.name} received rows of a unit that its user may not use, named in ${units.header}`;
        leaks.push({ variant: "refused unit", message, attack: other, control, seen: [] });
      }
      if (leaks.length > 0) return { leaks };
      // The unit is not looked at: A reads its own rows, whatever unit it names.
      const isIgnored = isOwn && (rowsOf(control.parsed.json) ?? []).length > 0;
      if (isThere || isDenied(attack) || isIgnored) return noLeak(attack);
      const reason = `${victim.name} reads nothing in its own unit: there is nothing that could be seen`;
      return world.isReadOnly ? unfit(reason) : unsure(reason);
    },
  };
}

/** Whether the other tenant's unit holds anything, where it can be one object more that is created there. */
async function showsInUnit(
  { planter, options: { victim }, run: { wire }, isReadOnly }: World,
  resource: Resource,
  list: Operation,
  units: Units,
): Promise<boolean> {
  if (!victim.token) return false;
  const variation = { headers: { [units.header]: units.foreign } };
  if (resource.create && !isReadOnly) await planter.plant(victim, resource, { variation });
  const parameters = await planter.needs.parametersFor(victim, resource.collection);
  const url = parameters && planter.urlOf(resource.collection, parameters);
  if (url === undefined) return false;
  const call: Call = { method: "GET", url: `${url}${requiredQuery(list)}` };
  const [page, ...more] = await allPages(wire, victim, call, pagesOf(list), variation);
  return [page!, ...more].some(({ parsed }) => (rowsOf(parsed.json) ?? []).length > 0);
}

/** What A creates under B's unit would stand in it: A's own reading tells, which names no unit. */
function createTrial(world: World, resource: Resource, create: Operation, units: Units): Trial {
  const { planter, options, run } = world;
  const { attacker, victim } = options;
  const { wire } = run;
  return {
    ...{ route: routeOf(create), rule, label },
    async attempt(): Promise<Observation> {
      const variation = { headers: { [units.header]: units.foreign } };
      const how = { variation, isTrial: true, mayBeElsewhere: true };
      const planted = await planter.plant(attacker, resource, how);
      if ("refused" in planted)
        return isDenied(planted.exchange) ? noLeak(planted.exchange) : unsure(planted.refused);
      const shown: Exchange = (await planter.reader.readBack(planted)) ?? planted.exchange;
      const theirs = planted.url === undefined ? undefined : await wire.get(victim, planted.url);
      await planter.discard(planted);
      const leaf = shown.parsed.leaves.find(
        ({ value, path }) =>
          value === units.foreign &&
          (isTellingId(value) || /unit|branch|site|depart|division|scope/i.test(path)),
      );
      if (!leaf && !holdsCanary(theirs, planted.canary)) return { leaks: [] };
      const message = `with ${victim.name}'s unit in ${units.header}, ${attacker.name} created an object in that unit`;
      const seen = leaf ? [{ value: units.foreign, kind: "id", path: leaf.path } as const] : [];
      return {
        leaks: [{ variant: "foreign unit", message, attack: planted.exchange, control: shown, seen }],
      };
    },
  };
}

/** Units that config names, or the first that each tenant's list of them holds. */
async function unitsOf({ planter, resources, options }: World): Promise<Units | undefined> {
  const { subScope, attacker, victim } = options;
  if (!subScope) return undefined;
  const { header, models, units = {} } = subScope;
  const named = models.map((model) => model.toLowerCase());
  const resource = resources.find((each) => aliasesOf(each).some((alias) => named.includes(alias)));
  const first = async (actor: Actor) =>
    units[actor.name]?.[0] ?? (resource && (await planter.needs.need(actor, resource)));
  const [own, foreign] = [await first(attacker), await first(victim)];
  if (own === undefined || foreign === undefined || own === foreign) return undefined;
  return { header, own, foreign, refused: units[attacker.name]?.slice(1) ?? [] };
}
