import { type Operation, routeOf } from "../api/operations.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { leavesOf } from "../leaves.js";
import { nothing, type Observation, type Probe } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

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

    async attempt({ attacker, victim, ground }: Scene, wire: Wire): Promise<Observation> {
      const { theirs, planter } = ground!;
      const own = await planter.plant(attacker, theirs.resource);
      const target = await planter.plant(victim, theirs.resource);
      if ("refused" in own || "refused" in target)
        return {
          leaks: [],
          unsure: "refused" in own ? own.refused : (target as { refused: string }).refused,
        };
      const ownDelete = await wire.ask(attacker, { method: "DELETE", url: own.url! });
      if (dispositionOf(ownDelete) !== "served")
        return {
          leaks: [],
          unsure: `${attacker.name} can't delete its own object either: ${ownDelete.response.status}`,
        };
      const before = await planter.readBack(target);
      if (!before || dispositionOf(before) !== "served")
        return { leaks: [], unsure: `${victim.name} can't read its own object` };
      const attack = await wire.ask(attacker, { method: "DELETE", url: target.url! });
      const after = await wire.ask(victim, { method: "GET", url: target.url! });
      if (!isGone(before, after))
        return { ...nothing, denials: dispositionOf(attack) === "denied" ? [attack] : [] };
      const message = `${attacker.name} deleted ${victim.name}'s object: ${victim.name} reads ${after.response.status} where it was`;
      return { leaks: [{ variant: "delete", message, attack, control: after, seen: [] }] };
    },
  };
}

function isGone(before: Exchange, after: Exchange): boolean {
  if ([404, 410].includes(after.response.status)) return true;
  return dispositionOf(after) === "served" && !isMarked(before) && isMarked(after);
}

/** `deletedAt` with a date, `isDeleted: true`, a status that says so. */
function isMarked({ parsed: { json }, response }: Exchange): boolean {
  if (json === undefined) return response.body.trim() === "";
  const marks = leavesOf(json).some(
    ({ path, value }) =>
      /(deleted|archived|removed)_?(at|on)$/i.test(path) ||
      (/(^|[._])(status|state)$/i.test(path) && /^(deleted|removed|archived)$/i.test(value)),
  );
  return marks || /"(is_?)?(deleted|archived|removed)"\s*:\s*true/i.test(response.body);
}
