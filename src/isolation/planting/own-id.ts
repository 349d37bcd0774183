import type { Actor } from "../actor.js";
import { dispositionOf, type Exchange, placesOf } from "../exchange.js";
import { mayCountPerTenant, randomLike } from "../ids.js";
import type { Wire } from "../wire.js";
import { holdsCanary, type Planted, type Planting } from "./planted.js";
import type { Planter } from "./planter.js";

/** Of creating more of the victim's, so that its numbers run past the attacker's. */
const mostAhead = 24;

/**
 * An object of the victim's whose id leads the attacker to none of its own. Where ids count per tenant, more are
 * created until the victim's numbers have passed the attacker's; not where it is too far ahead.
 *
 * @param reached the object by the path that the attacker takes to it
 * @returns in words why there is none
 */
export async function targetOutOfReach(
  planter: Planter,
  attacker: Actor,
  first: Planted,
  another: (owner: Actor) => Promise<Planting>,
  reached: (target: Planted) => Planted = (target) => target,
): Promise<Planted | string> {
  const { wire } = planter.options;
  const highest = Math.max(...planter.plantedBy(attacker, first.resource).map(({ id }) => Number(id)));
  let target: Planting = first;
  for (let left = mostAhead; ; left -= 1) {
    const obstacle = await ownUnderThatId(wire, attacker, reached(target));
    if (obstacle === undefined) return target;
    const isTooFar = left === 0 || highest - Number(target.id) >= left;
    if (!mayCountPerTenant(target.id) || isTooFar) return obstacle;
    target = await another(first.owner);
    if ("refused" in target) return target.refused;
  }
}

/**
 * Why nobody may be let loose on an object: ids that count per tenant lead the attacker to an object of its own,
 * which is not ours to change. Undefined where it is refused, or shown the other's.
 */
export async function ownUnderThatId(
  wire: Wire,
  attacker: Actor,
  target: Planted,
): Promise<string | undefined> {
  if (target.url === undefined || !target.home.read) {
    return mayCountPerTenant(target.id)
      ? `its id is a number, and nothing tells if ${attacker.name} has an object of that number itself`
      : undefined;
  }
  const seen = await wire.get(attacker, target.url);
  if (dispositionOf(seen) !== "served" || holdsCanary(seen, target.canary)) return undefined;
  if (await isRefusedInBody(wire, attacker, seen, target.id)) return undefined;
  return `${attacker.name} has an object of its own under the id ${target.id}`;
}

/**
 * Some APIs refuse with 200, and say so in the body: they say the same of an id that nobody has.
 *
 * @param seen what was served under an id that stands last in its URL
 */
export async function isRefusedInBody(
  wire: Wire,
  actor: Actor,
  seen: Exchange,
  id: string,
): Promise<boolean> {
  if (seen.parsed.json === undefined || seen.parsed.leaves.length < 2) return true;
  const random = await wire.get(actor, withOtherId(seen.request.url, id));
  return placesOf(random).join(" ") === placesOf(seen).join(" ");
}

function withOtherId(url: string, id: string): string {
  const at = url.lastIndexOf(encodeURIComponent(id));
  return `${url.slice(0, at)}${url.slice(at).replace(encodeURIComponent(id), encodeURIComponent(randomLike(id)))}`;
}
