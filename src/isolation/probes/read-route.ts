import { type Operation, routeOf } from "../api/operations.js";
import { dispositionOf } from "../exchange.js";
import { ownMarks, sightings } from "../marks.js";
import type { Planted } from "../planting/planter.js";
import { isDenied, noLeak, nothing, type Observation, type Probe, unsure } from "../probe.js";
import type { Ground, Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** A asks for what stands below B's object: its children, its history, its file. */
export function readRoute(operation: Operation): Probe {
  const urlOf = ({ planter }: Ground, { parameters }: Planted) => planter.urlOf(operation.path, parameters);
  return {
    rule: "isolation/read-by-id",
    label: "read",
    route: () => routeOf(operation),
    unfit: ({ ground }) => {
      if (!ground) return "nothing was created: there is no object to ask for";
      return urlOf(ground, ground.theirs) ? undefined : "its path has a parameter that is not known";
    },

    async attempt({ attacker, victim, ground, marks }: Scene, wire: Wire): Promise<Observation> {
      const call = { method: "GET", url: urlOf(ground!, ground!.theirs)! };
      const first = await wire.ask(victim, call);
      const control = await wire.ask(victim, call);
      if (dispositionOf(control) !== "served")
        return unsure(`${victim.name} can't read it either: ${control.response.status}`);
      const own = await wire.ask(attacker, { method: "GET", url: urlOf(ground!, ground!.mine)! });
      const attack = await wire.ask(attacker, call);
      if (isDenied(attack)) return noLeak(attack);
      const known = [...marks, ...ownMarks(first.parsed.leaves, control.parsed.leaves, own.parsed.leaves)];
      const seen = sightings(attack, known).filter(({ value }) => !own.response.body.includes(value));
      if (seen.length === 0) return nothing;
      const message = `${attacker.name} read what stands below ${victim.name}'s object`;
      return { leaks: [{ variant: "read", message, attack, control, seen }] };
    },
  };
}
