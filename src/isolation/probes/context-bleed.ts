import type { Actor } from "../actor.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { blindnessOf } from "../knowledge.js";
import { sightings } from "../marks.js";
import { type Leak, nothing, type Observation, type Probe } from "../probe.js";
import { fresh, type Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** At once: more than a usual pool has connections, so that contexts are handed from one request to the next. */
const atOnce = 32;

/** Both tenants at once over kept connections: each answer has to be its caller's. */
export const contextBleed: Probe = {
  rule: "isolation/context-bleed",
  label: "bleed",
  unfit: (scene) => (scene.theirs ? blindnessOf(scene) : "there is no token of the other tenant"),

  async attempt(scene: Scene, wire: Wire): Promise<Observation> {
    const { attacker, victim, list, own, crowd } = scene;
    if (await mixesOneAtATime(scene, wire)) return nothing;
    const leaks: Leak[] = [];
    let failed = 0;
    let next = 0;
    const worker = async () => {
      while (next < crowd && leaks.length === 0) {
        const [caller, other] = next++ % 2 === 0 ? [attacker, victim] : [victim, attacker];
        // Requests for one URL may share an answer while it is made; for another URL each, a connection or a variable.
        const exchange = await wire.ask(caller, list, next % 4 < 2 ? fresh(scene) : {});
        if (dispositionOf(exchange) !== "served") failed += 1;
        const seen = sightings(exchange, marksOf(scene, other));
        if (seen.length > 0) leaks.push(bleed(crowd, caller, other, exchange, own, seen));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    const unsure = failed > crowd / 10 ? `${failed} of ${crowd} requests at once were not served` : undefined;
    return { leaks, unsure: leaks.length ? undefined : unsure };
  },
};

/** What is mixed without any haste is the fault of another class. */
async function mixesOneAtATime(scene: Scene, wire: Wire): Promise<boolean> {
  for (const [caller, other] of turns(scene)) {
    for (const variation of [fresh(scene), {}]) {
      const exchange = await wire.ask(caller, scene.list, variation);
      if (sightings(exchange, marksOf(scene, other)).length > 0) return true;
    }
  }
  return false;
}

function turns({ attacker, victim }: Scene): [caller: Actor, other: Actor][] {
  return Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? [attacker, victim] : [victim, attacker]));
}

function marksOf({ victim, marks, ownMarks }: Scene, owner: Actor) {
  return owner === victim ? marks : ownMarks;
}

function bleed(
  crowd: number,
  caller: Actor,
  other: Actor,
  attack: Exchange,
  control: Exchange,
  seen: Leak["seen"],
): Leak {
  const message = `among ${crowd} requests of both tenants, ${atOnce} at once, ${caller.name} received data of ${other.name}`;
  return { variant: "bleed", message, attack, control, seen };
}
