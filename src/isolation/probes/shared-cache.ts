import { blindnessOf } from "../knowledge.js";
import { sightings } from "../marks.js";
import { nothing, type Observation, type Probe } from "../probe.js";
import { fresh, type Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** B asks first and warms whatever caches; A asks for the same URL right after. */
export const sharedCache: Probe = {
  rule: "isolation/shared-cache",
  label: "cache",
  unfit: (scene) => (scene.theirs ? blindnessOf(scene) : "there is no token of the other tenant"),

  async attempt(scene: Scene, wire: Wire): Promise<Observation> {
    const { attacker, victim, list, marks } = scene;
    const cold = await wire.ask(attacker, list, fresh(scene));
    // What leaks without a cache is another class.
    if (sightings(cold, marks).length > 0) return nothing;
    const variation = fresh(scene);
    const control = await wire.ask(victim, list, variation);
    const attack = await wire.ask(attacker, list, variation);
    const seen = sightings(attack, marks);
    if (seen.length === 0) return nothing;
    const message = `${attacker.name} received ${victim.name}'s answer to the same URL, asked right before`;
    return { leaks: [{ variant: "cache", message, attack, control, seen }] };
  },
};
