import type { Actor } from "../actor.js";
import { dispositionOf, placesOf } from "../exchange.js";
import { mayCountPerTenant, randomLike } from "../ids.js";
import type { Wire } from "../wire.js";
import { holdsCanary, type Planted } from "./planted.js";

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
  const isEmpty = seen.parsed.json === undefined || seen.parsed.leaves.length < 2;
  // Some APIs refuse with 200, and say so in the body: they say the same of an id that nobody has.
  const random = await wire.get(attacker, withOtherId(target));
  if (isEmpty || placesOf(random).join(" ") === placesOf(seen).join(" ")) return undefined;
  return `${attacker.name} has an object of its own under the id ${target.id}`;
}

function withOtherId({ url, id }: Planted): string {
  const at = url!.lastIndexOf(encodeURIComponent(id));
  return `${url!.slice(0, at)}${url!.slice(at).replace(encodeURIComponent(id), encodeURIComponent(randomLike(id)))}`;
}
