import { fieldAt, valuesIn, withValues } from "../api/body-paths.js";
import { type Operation, routeOf } from "../api/operations.js";
import { aliasesOf, type Resource, referredBy } from "../api/resources.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { isTellingId, mayCountPerTenant } from "../ids.js";
import { type Mark, ownMarks, sightings } from "../marks.js";
import { isRefusedInBody } from "../planting/own-id.js";
import type { Planted } from "../planting/planted.js";
import { isDenied, type Leak, type Observation, type Trial, unfit } from "../probe.js";
import type { Ground } from "../scene.js";
import type { World } from "../world.js";

/**
 * A's object points at B's, from its creation on or by a change: A reads it back, and there B's id is. What is
 * left of it shows B's data to A: nothing that looks for that may come after.
 */
export function connectTrials(world: World, grounds: ReadonlyMap<Resource, Ground>): Trial[] {
  return [...grounds].flatMap(([{ create, updates }, ground]) => [
    ...(create ? [trial(world, create, ground, byCreating)] : []),
    ...(ground.mine.url === undefined ? [] : updates.map((each) => trial(world, each, ground, byChanging))),
  ]);
}

/** What became of an attempt: the object that may point at B's, and the answer to the attempt. */
interface Result {
  readonly planted: Planted | undefined;
  readonly attack: Exchange;
}

type Way = (
  world: World,
  ground: Ground,
  operation: Operation,
  field: string,
  value: unknown,
) => Promise<Result | undefined>;

const byCreating: Way = async ({ options }, { mine, planter }, _, field, value) => {
  const how = { changes: { [field]: value }, isTrial: true };
  const planted = await planter.plant(options.attacker, mine.resource, how);
  if (!("refused" in planted)) return { planted, attack: planted.exchange };
  return planted.exchange && { planted: undefined, attack: planted.exchange };
};

const byChanging: Way = async ({ options, run }, { another }, { method }, field, value) => {
  const planted = await another(options.attacker);
  if ("refused" in planted) return undefined;
  const body = withValues(method === "PUT" ? planted.body : {}, { [field]: value });
  return { planted, attack: await run.wire.ask(options.attacker, { method, url: planted.url!, body }) };
};

function trial(world: World, operation: Operation, ground: Ground, way: Way): Trial {
  const { attacker, victim } = world.options;
  const { planter } = ground;
  return {
    ...{ route: routeOf(operation), rule: "isolation/foreign-key-connect", label: "connect" },
    async attempt(): Promise<Observation> {
      if (referencesOf(ground.mine, world).length === 0) return unfit("its body points at no other object");
      const references = await foreignReferences(world, ground);
      if (references.length === 0)
        return unfit(`${victim.name} has nothing of its own that ${attacker.name} could point at`);
      const leaks: Leak[] = [];
      const denials: Exchange[] = [];
      const reasons: string[] = [];
      const usual = await planter.reader.readBack(ground.mine);
      for (const reference of references) {
        const { field, target, id, value } = reference;
        const result = await way(world, ground, operation, field, value);
        if (!result) {
          reasons.push(`${attacker.name} could not create an object of its own to point by ${field}`);
          continue;
        }
        const { planted, attack } = result;
        if (isDenied(attack)) denials.push(attack);
        const marks = await marksOfTarget(world, ground, reference, usual);
        const said = sightings(attack, marks);
        if (said.length > 0) {
          const message = `${attacker.name} received ${victim.name}'s ${target.name} in answer to pointing at it by ${field}`;
          leaks.push({ variant: `answer, ${field}`, message, attack, control: undefined, seen: said });
        }
        if (!planted) {
          if (!isDenied(attack)) reasons.push(`what ${attacker.name} created by it can't be found again`);
          continue;
        }
        await planter.reader.settle();
        const control = await planter.reader.readBack(planted);
        await planter.discard(planted);
        // The answer to the creation may only repeat it.
        const leaf = control?.parsed.leaves.find(
          (each) => each.value === id && isOf(each.path, field, target, id),
        );
        const shown = control ? sightings(control, marks) : [];
        if (control && !leaf && shown.length > 0) {
          const message = `${attacker.name}'s object, that points at ${victim.name}'s ${target.name} by ${field}, shows data of it`;
          leaks.push({ variant: field, message, attack: control, control: usual, seen: shown });
        }
        if (!leaf && shown.length === 0 && !isDenied(attack) && !isShown(reference, usual))
          reasons.push(
            `what an object points at by ${field} is shown by nothing that ${attacker.name} reads`,
          );
        if (!control || !leaf) continue;
        const message = `${attacker.name}'s object points by ${field} at ${victim.name}'s ${target.name}`;
        const seen = [{ value: id, kind: "id", path: leaf.path } as const];
        leaks.push({ variant: field, message, attack, control, seen });
      }
      return { leaks, denials, unsure: leaks.length > 0 ? undefined : reasons[0] };
    },
  };
}

/** Whether a reading of the attacker's usual object shows what it points at: else a foreign one can't be seen either. */
function isShown({ field, target, usual }: ForeignReference, reading: Exchange | undefined): boolean {
  const ids = [usual].flat().map(String);
  return (
    reading?.parsed.leaves.some(
      ({ value, path }) => ids.includes(value) && isOf(path, field, target, value),
    ) === true
  );
}

/** By what the victim's object is known, without what the attacker's own objects hold too. */
async function marksOfTarget(
  { options: { attacker, victim } }: World,
  { planter }: Ground,
  { target, id }: ForeignReference,
  usual: Exchange | undefined,
): Promise<Mark[]> {
  const theirs = planter.plantedBy(victim, target).find((each) => each.id === id);
  const [own] = planter.plantedBy(attacker, target);
  const readings = theirs ? [await planter.reader.readBack(theirs), await planter.reader.look(theirs)] : [];
  const ownReading = own && (await planter.reader.readBack(own));
  const [first = [], second = []] = readings.map((each) => each?.parsed.leaves ?? []);
  const others = [usual, ownReading].flatMap((each) => each?.parsed.leaves ?? []);
  const marks = [...planter.marksOf(victim), ...ownMarks(first, second, others)];
  const known = usual ? sightings(usual, marks) : [];
  return marks.filter(({ value }) => !known.some((each) => each.value === value));
}

interface ForeignReference {
  readonly field: string;
  /** What the attacker's own object points at. */
  readonly usual: unknown;
  readonly target: Resource;
  /** Of the victim's object, and as the body says it. */
  readonly id: string;
  readonly value: unknown;
}

/** What A's body could point at of B's, where A has no object of that id itself. */
async function foreignReferences(world: World, { mine, planter }: Ground): Promise<ForeignReference[]> {
  const { attacker, victim } = world.options;
  const found: ForeignReference[] = [];
  for (const { field, usual, target } of referencesOf(mine, world)) {
    const id = await planter.needs.need(victim, target);
    const own = await planter.needs.need(attacker, target);
    if (id === undefined || id === own || (await isOwnToo(world, target, id))) continue;
    const single = typeof usual === "number" ? Number(id) : id;
    found.push({ field, usual, target, id, value: Array.isArray(usual) ? [id] : single });
  }
  return found;
}

/** Places of a body that point at another object, and what they hold usually. */
function referencesOf({ body, owner: { tenantId } }: Planted, { resources }: Pick<World, "resources">) {
  return valuesIn(body).flatMap(([field, usual]) => {
    const target = referredBy(fieldAt(field), resources);
    return target && usual !== tenantId ? [{ field, usual, target }] : [];
  });
}

/** An id that is a number may stand anywhere: then its place has to speak of what it is the id of. */
function isOf(path: string, field: string, target: Resource, id: string): boolean {
  const plain = path.toLowerCase().replace(/[^a-z0-9.]/g, "");
  const names = [...aliasesOf(target), fieldAt(field).toLowerCase().replace(/[-_]/g, "")];
  return isTellingId(id) || names.some((name) => plain.includes(name));
}

/** Ids that count per tenant: the attacker has an object of that id itself, and is not shown the other's. */
async function isOwnToo(
  { planter, options: { attacker, victim }, run: { wire } }: World,
  target: Resource,
  id: string,
): Promise<boolean> {
  if (!mayCountPerTenant(id) || !target.item || !target.read) return false;
  const parents = await planter.needs.parametersFor(attacker, target.collection);
  const url = parents && planter.objectUrl(target, parents, id);
  if (url === undefined) return true;
  const shown = await wire.get(attacker, url);
  if (dispositionOf(shown) !== "served" || sightings(shown, planter.marksOf(victim)).length > 0) return false;
  return !(await isRefusedInBody(wire, attacker, shown, id));
}
