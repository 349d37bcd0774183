import { dispositionOf, type Exchange } from "../exchange.js";
import { randomLike } from "../ids.js";
import { nothing, type Observation, type Probe } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** The refusal for B's object differs from the one for an object that does not exist. */
export const existenceOracle: Probe = {
  rule: "isolation/existence-oracle",
  label: "existence",
  route: ({ itemRoute }) => itemRoute,
  unfit: ({ theirs, foreignIds }) => {
    if (!theirs) return "there is no token of the other tenant";
    return foreignIds.length ? undefined : "the other tenant's list has no object of its own";
  },

  async attempt(scene: Scene, wire: Wire): Promise<Observation> {
    const { attacker, victim, foreignIds } = scene;
    const id = foreignIds[0]!;
    const control = await wire.ask(victim, scene.item(id));
    if (dispositionOf(control) !== "served") return nothing;
    const attack = await wire.ask(attacker, scene.item(id));
    const random = await wire.ask(attacker, scene.item(randomLike(id)));
    const another = await wire.ask(attacker, scene.item(randomLike(id)));
    // Answers that differ among themselves say nothing.
    if (shapeOf(random) !== shapeOf(another) || dispositionOf(attack) !== "denied") return nothing;
    if (shapeOf(attack) === shapeOf(random)) return nothing;
    const message = `${victim.name}'s object is refused with ${attack.response.status}, one that does not exist with ${random.response.status}: ids can be told`;
    return { leaks: [{ variant: "existence", message, attack, control: random, seen: [] }] };
  },
};

/** Status and shape of a body: its keys, not its values, which may repeat the id or the time. */
function shapeOf({ response: { status }, parsed: { json, leaves } }: Exchange): string {
  const paths = json === undefined ? [] : leaves.map(({ path }) => path);
  return [status, ...paths.sort()].join(" ");
}
