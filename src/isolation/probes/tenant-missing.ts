import type { Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import { isDenied, type Leak, type Observation, type Probe } from "../probe.js";
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
    // Where the other tenant's id alone opens the door, naming both proves nothing more.
    const override = await wire.ask(attacker, list, { tenant: [victim.tenantId] });
    const isOpen = sightings(override, marks).length > 0;
    for (const [variant, variation] of missingTenant(attacker, victim, wire.binding)) {
      if (isOpen && variation.tenant?.some((each) => each.includes(victim.tenantId))) continue;
      const attack = await wire.ask(attacker, list, variation);
      if (isDenied(attack)) denials.push(attack);
      // Without a token nobody's data may come, A's own neither.
      const seen = sightings(attack, variation.isAnonymous ? [...marks, ...ownMarks] : marks);
      if (seen.length === 0) continue;
      const whose = variation.isAnonymous ? "of a tenant" : `of ${victim.name}`;
      leaks.push({
        variant,
        message: `${variant}, the answer holds data ${whose}`,
        attack,
        control: own,
        seen,
      });
    }
    return { leaks, denials };
  },
};
