import { fieldAt, valuesIn } from "../api/body-paths.js";
import { type Operation, routeOf } from "../api/operations.js";
import { isReference, type Resource } from "../api/resources.js";
import { firstChange } from "../changes.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import type { Planted } from "../planting/planted.js";
import { type Leak, nothing, type Observation, type Trial, unfit } from "../probe.js";
import type { Ground } from "../scene.js";
import type { World } from "../world.js";

/** Values of A's own that are tried one by one: a key may be made of two of them. */
const mostLeftOut = 3;

/**
 * A creates an object with the keys of B's: refused, A learns that B has them; accepted, B's object has to be
 * what it was. What is created so holds B's values: nothing that looks for them may come after.
 */
export function uniqueConflictTrials(world: World, grounds: ReadonlyMap<Resource, Ground>): Trial[] {
  return [...grounds].flatMap(([{ create }, ground]) =>
    create ? [uniqueConflict(world, create, ground)] : [],
  );
}

function uniqueConflict(world: World, create: Operation, ground: Ground): Trial {
  return {
    ...{ route: routeOf(create), rule: "isolation/unique-conflict", label: "unique" },
    async attempt(): Promise<Observation> {
      const keys = keysOf(ground);
      if (keys.length === 0) return unfit("nothing in its body tells one object from another");
      const together = await createWith(world, ground, keys);
      if ("leak" in together) return { leaks: [together.leak] };
      if (together.status === "taken") return overwrittenByMost(world, ground, keys);
      const leaks: Leak[] = [];
      for (const field of keys) {
        const leak = await tryAlone(world, ground, [field]);
        if (leak) leaks.push(leak);
      }
      if (leaks.length > 0) return { leaks };
      const leak = await tryAlone(world, ground, keys);
      return { leaks: leak ? [leak] : [] };
    },
  };
}

/**
 * Taken with all values of B's: an upsert wrote over B's object what stood in it. With one value of A's own among
 * them it writes that.
 */
async function overwrittenByMost(
  world: World,
  ground: Ground,
  keys: readonly string[],
): Promise<Observation> {
  for (const own of keys.slice(0, mostLeftOut)) {
    const rest = keys.filter((field) => field !== own);
    const creation = rest.length > 0 && (await createWith(world, ground, rest));
    if (creation && "leak" in creation) return { leaks: [creation.leak] };
  }
  return nothing;
}

/** A refusal counts where the same request without B's values is taken right before and right after. */
async function tryAlone(world: World, ground: Ground, fields: readonly string[]): Promise<Leak | undefined> {
  const { mine, planter } = ground;
  // What it refers to may be used up by one object, such as an invoice that is paid: each gets its own.
  const renew = () => planter.needs.renew(mine.owner, mine.body);
  renew();
  const first = await createWith(world, ground, fields);
  if ("leak" in first) return first.leak;
  if (first.status === "taken") return undefined;
  renew();
  if (!(await createUsual(world, ground))) return undefined;
  renew();
  const attempt = await createWith(world, ground, fields);
  renew();
  const usual = await createUsual(world, ground);
  if ("leak" in attempt) return attempt.leak;
  if (attempt.status === "taken" || !usual) return undefined;
  return refused(world, fields.join(" and "), attempt.exchange, usual);
}

async function createUsual({ options }: World, { mine, planter }: Ground): Promise<Planted | undefined> {
  const usual = await planter.plant(options.attacker, mine.resource, { isTrial: true });
  if ("refused" in usual) return undefined;
  await planter.discard(usual);
  return usual;
}

type Creation =
  | { readonly leak: Leak }
  | { readonly status: "refused"; readonly exchange: Exchange }
  | { readonly status: "taken" };

/** Creates as A with such values of B's, and looks at B's object afterwards. */
async function createWith(
  { options, run: { wire } }: World,
  { mine, theirs, planter }: Ground,
  fields: readonly string[],
): Promise<Creation> {
  const { attacker, victim } = options;
  const look = async () => (theirs.url === undefined ? undefined : wire.ask(victim, read(theirs)));
  const [before, steady] = [await look(), await look()];
  const changes = Object.fromEntries(valuesIn(theirs.body).filter(([field]) => fields.includes(field)));
  const planted = await planter.plant(attacker, mine.resource, { changes, isTrial: true });
  const { exchange } = planted;
  if (!exchange) return { status: "taken" };
  const seen = sightings(exchange, planter.marksOf(victim));
  if (seen.length > 0) {
    const named = fields.join(" and ");
    const message = `${attacker.name} created an object with ${victim.name}'s ${named}, and was answered with ${victim.name}'s own`;
    return { leak: { variant: "answer", message, attack: exchange, control: before, seen } };
  }
  await planter.reader.settle();
  const after = await look();
  if ("id" in planted && planted.id !== theirs.id) await planter.discard(planted);
  const isServed = before !== undefined && dispositionOf(before) === "served";
  const changed = isServed && steady && after && firstChange(before, steady, after);
  if (!changed)
    return dispositionOf(exchange) === "denied" ? { status: "refused", exchange } : { status: "taken" };
  const message = `${attacker.name} created an object with ${victim.name}'s ${fields.join(" and ")}, and ${victim.name} reads another ${changed.path} in its own`;
  return { leak: { variant: "overwritten", message, attack: exchange, control: after, seen: [] } };
}

function refused({ options }: World, field: string, attack: Exchange, usual: Planted): Leak {
  const { attacker, victim } = options;
  const message = `${attacker.name} can't create an object with a ${field} that only ${victim.name} has: the refusal tells that it is there`;
  return { variant: field, message, attack, control: usual.exchange, seen: [] };
}

const read = ({ url }: Planted) => ({ method: "GET", url: url! });

/** Fields in which two objects differ, that point at nothing: what a unique key may be made of. */
function keysOf({ mine, theirs }: Ground): string[] {
  const own = new Map(valuesIn(mine.body));
  return valuesIn(theirs.body).flatMap(([field, value]) => {
    const isPlain = typeof value === "string" || typeof value === "number";
    const isTenant = value === theirs.owner.tenantId;
    return isPlain && !isTenant && !isReference(fieldAt(field)) && own.get(field) !== value ? [field] : [];
  });
}
