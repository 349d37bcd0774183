import { type Operation, routeOf } from "../api/operations.js";
import { dispositionOf } from "../exchange.js";
import { sightings } from "../marks.js";
import { targetOutOfReach } from "../planting/own-id.js";
import { noLeak, type Observation, type Probe, unfit, unsure } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import { isGone, settled } from "./settled.js";

/** A deletes B's object: B reads it before and after. A mark of deletion counts like a row that is gone. */
export function remove(operation: Operation): Probe {
  return {
    rule: "isolation/delete",
    label: "delete",
    route: () => routeOf(operation),
    unfit: ({ ground }) => {
      if (!ground) return "nothing was created: there is no object to delete";
      return ground.theirs.url === undefined ? "the API has no path for one object" : undefined;
    },

    async attempt({ attacker, victim, ground, marks, isRole }: Scene, wire: Wire): Promise<Observation> {
      const { planter, another } = ground!;
      const own = await another(attacker);
      if ("refused" in own) return unsure(own.refused);
      const first = await another(victim);
      if ("refused" in first) return unsure(first.refused);
      const ownDelete = await wire.ask(attacker, { method: "DELETE", url: own.url! });
      const may = dispositionOf(ownDelete) === "served";
      const refusal = `${attacker.name} can't delete its own object either: ${ownDelete.response.status}`;
      if (!may && !isRole) return unsure(refusal);
      const target = await targetOutOfReach(planter, attacker, first, another);
      if (typeof target === "string") return unsure(target);
      const before = await planter.reader.readBack(target);
      if (!before || dispositionOf(before) !== "served")
        return unsure(`${victim.name} can't read its own object`);
      const attack = await wire.ask(attacker, { method: "DELETE", url: target.url! });
      await planter.reader.settle();
      const look = async () => (await planter.reader.look(target))!;
      const after = await settled(wire, look, attack, (each) => isGone(before, each));
      if (!isGone(before, after)) {
        const seen = sightings(attack, marks);
        if (seen.length === 0) return may ? noLeak(attack) : unfit(refusal);
        const message = `${attacker.name} received ${victim.name}'s object in answer to its deletion`;
        return { leaks: [{ variant: "answer", message, attack, control: before, seen }] };
      }
      const message = `${attacker.name} deleted ${victim.name}'s object: ${victim.name} reads ${after.response.status} where it was`;
      return { leaks: [{ variant: "delete", message, attack, control: after, seen: [] }] };
    },
  };
}
