import { dispositionOf, type Exchange } from "../exchange.js";
import { blindnessOf, foreignTo } from "../knowledge.js";
import { sightings } from "../marks.js";
import { isDenied, type Leak, type Observation, type Probe } from "../probe.js";
import { rowsOf } from "../rows.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import { missingTenant } from "./tenant-variations.js";

/** No tenant, an empty one, two of them; no token at all. */
export const tenantMissing: Probe = {
  rule: "isolation/tenant-missing",
  label: "no tenant",
  unfit: () => undefined,

  async attempt(scene: Scene, wire: Wire): Promise<Observation> {
    const { attacker, victim, list, marks, ownMarks, own } = scene;
    const leaks: Leak[] = [];
    const denials: Exchange[] = [];
    const reasons: string[] = [];
    // Where the other tenant's id alone opens the door, naming both proves nothing more.
    const override = await wire.ask(attacker, list, { tenant: [victim.tenantId] });
    const isOpen = sightings(override, marks).length > 0;
    for (const [variant, variation] of missingTenant(attacker, victim, wire.binding)) {
      if (isOpen && variation.tenant?.some((each) => each.includes(victim.tenantId))) continue;
      const attack = await wire.ask(attacker, list, variation);
      if (isDenied(attack)) denials.push(attack);
      // Without a token nobody's data may come, A's own neither.
      const seen = sightings(attack, variation.isAnonymous ? [...marks, ...ownMarks] : marks);
      if (seen.length === 0) {
        if (!variation.isAnonymous) reasons.push(...untold(scene, variant, attack));
        continue;
      }
      const whose = variation.isAnonymous ? "of a tenant" : `of ${victim.name}`;
      leaks.push({
        variant,
        message: `${variant}, the answer holds data ${whose}`,
        attack,
        control: own,
        seen,
      });
    }
    return { leaks, denials, unsure: leaks.length > 0 ? undefined : reasons[0] };
  },
};

/** Rows that are not A's own, where nobody knows what B's look like. */
function untold(scene: Scene, variant: string, attack: Exchange): string[] {
  const blindness = blindnessOf(scene);
  if (blindness === undefined || dispositionOf(attack) !== "served") return [];
  const { length } = foreignTo(scene, rowsOf(attack.parsed.json) ?? []);
  return length === 0
    ? []
    : [`${variant} the answer holds ${length} rows that are not ${scene.attacker.name}'s; ${blindness}`];
}
