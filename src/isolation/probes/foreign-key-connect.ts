import { type Operation, parametersOf, routeOf } from "../api/operations.js";
import { type Resource, referredBy } from "../api/resources.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { mayCountPerTenant } from "../ids.js";
import type { Planted } from "../planting/planter.js";
import { isDenied, type Leak, type Observation, type Probe } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** A's new object points at B's: A reads it back, and there B's id is. */
export function foreignKeyConnect(operation: Operation, resources: readonly Resource[]): Probe {
  return {
    rule: "isolation/foreign-key-connect",
    label: "connect",
    route: () => routeOf(operation),
    unfit: ({ ground }) => {
      if (!ground) return "nothing was created: the route is not known to work";
      return referencesOf(ground.mine, resources).length ? undefined : "its body points at no other object";
    },

    async attempt(scene: Scene, wire: Wire): Promise<Observation> {
      const { attacker, victim, ground } = scene;
      const { mine, planter } = ground!;
      const leaks: Leak[] = [];
      const denials: Exchange[] = [];
      for (const [field, target] of referencesOf(mine, resources)) {
        const foreign = await planter.need(victim, target);
        const own = await planter.need(attacker, target);
        if (foreign === undefined || foreign === own || (await isOwnToo(wire, scene, target, foreign)))
          continue;
        const value = Array.isArray(mine.body[field])
          ? [foreign]
          : typeof mine.body[field] === "number"
            ? Number(foreign)
            : foreign;
        const planted = await planter.plant(attacker, mine.resource, { [field]: value });
        if ("refused" in planted) {
          if (isDenied(planted.exchange)) denials.push(planted.exchange);
          continue;
        }
        const control = await planter.readBack(planted);
        const leaf = control?.parsed.leaves.find((each) => each.value === foreign);
        if (!control || !leaf) continue;
        const message = `${attacker.name}'s new object points by ${field} at ${victim.name}'s ${target.name}`;
        const seen = [{ value: foreign, kind: "id", path: leaf.path } as const];
        leaks.push({ variant: field, message, attack: planted.exchange, control, seen });
      }
      return { leaks, denials };
    },
  };
}

function referencesOf(
  { body, owner: { tenantId } }: Planted,
  resources: readonly Resource[],
): [string, Resource][] {
  return Object.keys(body).flatMap((field) => {
    const target = referredBy(field, resources);
    const isTenant = Object.is(body[field], tenantId);
    return target && !isTenant ? [[field, target] as [string, Resource]] : [];
  });
}

/** Ids that count per tenant: the attacker has an object of that id itself. */
async function isOwnToo(
  wire: Wire,
  { attacker, ground }: Scene,
  target: Resource,
  id: string,
): Promise<boolean> {
  if (!mayCountPerTenant(id) || !target.item || !target.read) return false;
  const url = ground!.planter.urlOf(target.item, { [parametersOf(target.item).at(-1)!]: id });
  if (url === undefined) return true;
  return dispositionOf(await wire.ask(attacker, { method: "GET", url })) === "served";
}
