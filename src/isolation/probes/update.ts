import { type Operation, routeOf } from "../api/operations.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import { targetOutOfReach } from "../planting/own-id.js";
import { holdsCanary } from "../planting/planted.js";
import { isDenied, type Observation, type Probe, unfit, unsure } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import { change, unfitToChange, wayToChange } from "./change.js";

/** A changes B's object; what counts is what B reads afterwards, not what A was told. */
export function update(operation: Operation): Probe {
  return {
    rule: "isolation/update",
    label: "update",
    route: () => routeOf(operation),
    unfit: unfitToChange,

    async attempt({ attacker, victim, ground, marks, isRole }: Scene, wire: Wire): Promise<Observation> {
      const { mine, planter, another } = ground!;
      const way = await wayToChange(operation, mine, planter, wire);
      if (typeof way === "string" && !isRole) return unsure(`${attacker.name} ${way}`);
      // What a role may not do to its own tenant's objects, it may be let do to another's.
      const shapes = typeof way === "string" ? [false, true] : [way.isWhole];
      const theirs = await targetOutOfReach(planter, attacker, ground!.theirs, another);
      if (typeof theirs === "string") return unsure(theirs);
      const before = await planter.reader.readBack(theirs);
      if (!before || dispositionOf(before) !== "served")
        return unsure(`${victim.name} can't read its own object`);
      const denials: Exchange[] = [];
      for (const isWhole of shapes) {
        const { canary, exchange } = await change(operation, theirs, planter, wire, attacker, isWhole);
        await planter.reader.settle();
        const after = await planter.reader.readBack(theirs);
        if (holdsCanary(after, canary)) {
          const message = `${attacker.name} changed ${victim.name}'s object: ${victim.name} reads the new value`;
          const seen = [{ value: canary, kind: "planted", path: theirs.marked[0]! } as const];
          return { leaks: [{ variant: "update", message, attack: exchange, control: after, seen }] };
        }
        const shown = sightings(exchange, marks);
        if (shown.length > 0) {
          const message = `${attacker.name} received ${victim.name}'s object in answer to a change`;
          return { leaks: [{ variant: "answer", message, attack: exchange, control: before, seen: shown }] };
        }
        if (isDenied(exchange)) denials.push(exchange);
      }
      return typeof way === "string" ? unfit(`${attacker.name} ${way}`) : { leaks: [], denials };
    },
  };
}
