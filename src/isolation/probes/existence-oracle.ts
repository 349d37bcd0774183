import type { Actor } from "../actor.js";
import { type Operation, routeOf } from "../api/operations.js";
import { dispositionOf, type Exchange, placesOf } from "../exchange.js";
import { randomLike } from "../ids.js";
import { ownUnderThatId } from "../planting/own-id.js";
import { nothing, type Observation, type Probe, unfit } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import { change, unfitToChange, wayToChange } from "./change.js";

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
    return judged(victim, id, (each) => wire.ask(attacker, scene.item(each)));
  },
};

/** The same of a change: A's, of B's object, refused otherwise than that of an object that does not exist. */
export function existenceByChange(operation: Operation): Probe {
  return {
    rule: "isolation/existence-oracle",
    label: "existence",
    route: () => routeOf(operation),
    unfit: unfitToChange,

    async attempt({ attacker, victim, ground }: Scene, wire: Wire): Promise<Observation> {
      const { mine, theirs, planter } = ground!;
      if (await ownUnderThatId(wire, attacker, theirs)) return nothing;
      const way = await wayToChange(operation, mine, planter, wire);
      if (typeof way === "string") return unfit(`${attacker.name} ${way}`);
      return judged(victim, theirs.id, async (id) => {
        const url = planter.objectUrl(theirs.home, theirs.parameters, id)!;
        return (await change(operation, { ...theirs, url }, planter, wire, attacker, way.isWhole)).exchange;
      });
    },
  };
}

async function judged(
  victim: Actor,
  id: string,
  ask: (id: string) => Promise<Exchange>,
): Promise<Observation> {
  const attack = await ask(id);
  const random = await ask(randomLike(id));
  const another = await ask(randomLike(id));
  // Answers that differ among themselves say nothing.
  if (shapeOf(random) !== shapeOf(another) || dispositionOf(attack) !== "denied") return nothing;
  if (shapeOf(attack) === shapeOf(random)) return nothing;
  const message = `${victim.name}'s object is refused with ${attack.response.status}, one that does not exist with ${random.response.status}: ids can be told`;
  return { leaks: [{ variant: "existence", message, attack, control: random, seen: [] }] };
}

/** Status and shape of a body: its keys, not its values, which may repeat the id or the time. */
function shapeOf(exchange: Exchange): string {
  const places = exchange.parsed.json === undefined ? [] : placesOf(exchange);
  return [exchange.response.status, ...places].join(" ");
}
