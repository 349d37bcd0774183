import { lookUntil } from "../../adapters/pause.js";
import type { Actor } from "../actor.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** Longer than most caches keep an answer that may change. */
const mostLooks = 15;
const between = 1000;

/**
 * Whether an answer that is all the other's is a cache's: whoever asks first after a while gets its own, and
 * whoever asks next gets the same.
 *
 * @param caller who received it
 */
export async function isServedByTurns(
  scene: Scene,
  wire: Wire,
  attack: Exchange,
  caller: Actor,
): Promise<boolean> {
  const { attacker, victim, list } = scene;
  const ofVictim = [...scene.leaking, ...scene.marks];
  const ofAttacker = [...scene.leakingBack, ...scene.ownMarks];
  const [own, theirs] = caller === attacker ? [ofAttacker, ofVictim] : [ofVictim, ofAttacker];
  // A list without a filter holds one's own rows too. The own tenant's id is no sighting: the request says it.
  const isMixed = attack.response.body.includes(caller.tenantId) || sightings(attack, own).length > 0;
  if (!victim.token || isMixed) return false;
  const isOwn = (answer: Exchange) =>
    dispositionOf(answer) === "served" && sightings(answer, theirs).length === 0;
  const { signal } = wire.client.options;
  const looking = { most: mostLooks, between, signal };
  if (!isOwn(await lookUntil(() => wire.ask(caller, list), isOwn, looking))) return false;
  return sightings(await wire.ask(caller === attacker ? victim : attacker, list), own).length > 0;
}
