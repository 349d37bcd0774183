import { dispositionOf, type Exchange } from "./exchange.js";
import { isTellingId } from "./ids.js";
import { isDenied } from "./probe.js";

/**
 * The very answer that the owner gets, under an id that nobody else has, and none under one that nobody has at
 * all: whose it is needs no mark.
 *
 * @param askRandom asks for an object that does not exist
 */
export async function isOwnersAnswer(
  id: string,
  attack: Exchange,
  control: Exchange,
  askRandom: () => Promise<Exchange>,
): Promise<boolean> {
  if (!isTellingId(id) || dispositionOf(attack) !== "served") return false;
  return attack.response.body === control.response.body && isDenied(await askRandom());
}
