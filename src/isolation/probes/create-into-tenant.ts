import { tenantPlaceholder } from "../actor.js";
import { beside } from "../api/body-paths.js";
import { type Operation, parametersOf, routeOf } from "../api/operations.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { allPages } from "../pages.js";
import { holdsCanary, type Planted } from "../planting/planted.js";
import type { Manner } from "../planting/planter.js";
import { tenantFieldsOf } from "../planting/tenant-fields.js";
import { isDenied, type Leak, type Observation, type Probe, unsure } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

type Way = [variant: string, manner: Manner];

/** A creates an object in B's tenant, by naming it in the body, the header or the path: B finds it among its own. */
export function createIntoTenant(operation: Operation): Probe {
  return {
    rule: "isolation/create-into-tenant",
    label: "create",
    route: () => routeOf(operation),
    unfit: ({ ground, theirs }) => {
      if (!ground || !theirs) return "nothing was created: the route is not known to work";
      return ground.mine.marked.length ? undefined : "its objects have no free text to know them again by";
    },

    async attempt(scene: Scene, wire: Wire): Promise<Observation> {
      const { attacker, victim, ground } = scene;
      const { mine, theirs, planter } = ground!;
      const { tenantHeader } = wire.binding;
      const ways: Way[] = [
        ...tenantFieldsOf(mine, planter.options.tenantFields).map(
          (field): Way => [
            `"${field}" in the body`,
            { changes: { [beside(mine.marked[0], field)]: victim.tenantId } },
          ],
        ),
        ...(tenantHeader
          ? [[`the header ${tenantHeader}`, { variation: { tenant: [victim.tenantId] } }] satisfies Way]
          : []),
        ...(isBelowParent(mine) ? [["the path", { parents: theirs.parameters }] satisfies Way] : []),
      ];
      // Where B sees A's objects anyway, finding one proves nothing: that is another class.
      if ((await sightOf(scene, wire, mine, false)).length > 0)
        return unsure(`${victim.name}'s list holds what ${attacker.name} created anyway`);
      const isTelling = (await sightOf(scene, wire, mine, true)).length === 0;
      const leaks: Leak[] = [];
      const denials: Exchange[] = [];
      for (const [variant, manner] of ways) {
        const how = { ...manner, mayBeElsewhere: true, isTrial: true };
        const planted = await planter.plant(attacker, mine.resource, how);
        if ("refused" in planted) {
          if (isDenied(planted.exchange)) denials.push(planted.exchange);
          continue;
        }
        await planter.reader.settle();
        const [control] = await sightOf(scene, wire, planted, isTelling);
        if (!control || (await isSeenAnyway(scene, wire, isTelling))) continue;
        planter.belongsTo(planted, victim);
        const message = `with ${victim.name}'s tenant in ${variant}, ${attacker.name} created an object that ${victim.name} finds among its own`;
        const seen = [{ value: planted.canary, kind: "planted", path: mine.marked[0]! } as const];
        leaks.push({ variant, message, attack: planted.exchange, control, seen });
      }
      return { leaks, denials };
    },
  };
}

/** Whether it is created below another object, not the tenant alone. */
function isBelowParent({ resource: { collection }, parameters }: Planted): boolean {
  return parametersOf(collection).some((name) => parameters[name] !== tenantPlaceholder);
}

/** B sees as new an object of A's that names no tenant: another page of a list may show what the first hides. */
async function isSeenAnyway(scene: Scene, wire: Wire, byPath: boolean): Promise<boolean> {
  const { attacker, ground } = scene;
  const usual = await ground!.another(attacker);
  if ("refused" in usual) return false;
  await ground!.planter.reader.settle();
  return (await sightOf(scene, wire, usual, byPath)).length > 0;
}

/** Answers of B's that hold an object: of its list, and of the object's own path where that tells anything. */
async function sightOf(
  { victim, list, pages }: Scene,
  wire: Wire,
  { url, canary }: Planted,
  byPath: boolean,
): Promise<Exchange[]> {
  const own = byPath && url !== undefined ? [await wire.get(victim, url)] : [];
  const found = [...own, ...(await allPages(wire, victim, list, pages))];
  return found.filter((each) => dispositionOf(each) === "served" && holdsCanary(each, canary));
}
