import { beside, withValues } from "../api/body-paths.js";
import { type Operation, routeOf } from "../api/operations.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { holdsCanary } from "../planting/planted.js";
import { tenantFieldsOf } from "../planting/tenant-fields.js";
import { isDenied, type Leak, type Observation, type Probe, unsure } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** A gives an object of its own to B, by naming B's tenant in a change: B can read it then. */
export function moveIntoTenant(operation: Operation): Probe {
  return {
    rule: "isolation/create-into-tenant",
    label: "move",
    route: () => routeOf(operation),
    unfit: ({ ground, theirs }) => {
      if (!ground || !theirs) return "nothing was created: there is no object to move";
      if (ground.mine.url === undefined) return "the API has no path for one object";
      return ground.mine.marked.length ? undefined : "its objects have no free text to know them again by";
    },

    async attempt({ attacker, victim, ground }: Scene, wire: Wire): Promise<Observation> {
      const { mine, planter, another } = ground!;
      const leaks: Leak[] = [];
      const denials: Exchange[] = [];
      for (const field of tenantFieldsOf(mine, planter.options.tenantFields)) {
        const moved = await another(attacker);
        if ("refused" in moved) return unsure(moved.refused);
        const read = { method: "GET", url: moved.url! };
        // Where B can read A's object anyway, reading it after the change proves nothing.
        if (holdsCanary(await wire.ask(victim, read), moved.canary)) return { leaks };
        const changes = { [beside(mine.marked[0], field)]: victim.tenantId };
        const body = withValues(operation.method === "PUT" ? moved.body : {}, changes);
        const attack = await wire.ask(attacker, { method: operation.method, url: moved.url!, body });
        if (isDenied(attack)) denials.push(attack);
        await planter.reader.settle();
        const control = await wire.ask(victim, read);
        if (dispositionOf(control) !== "served" || !holdsCanary(control, moved.canary)) continue;
        planter.belongsTo(moved, victim);
        const message = `with "${field}" in a change, ${attacker.name} moved an object of its own to ${victim.name}`;
        const seen = [{ value: moved.canary, kind: "planted", path: mine.marked[0]! } as const];
        leaks.push({ variant: `"${field}" in the body`, message, attack, control, seen });
      }
      return { leaks, denials };
    },
  };
}
