import type { Variation } from "../actor.js";
import type { Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import { isDenied, type Leak, type Observation, type Probe } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

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
    for (const [variant, variation] of variationsOf(scene, wire)) {
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

function variationsOf(
  { attacker, victim }: Scene,
  { binding }: Wire,
): [variant: string, variation: Variation][] {
  const name = binding.tenantHeader;
  const ids = [attacker.tenantId, victim.tenantId];
  const byHeader: [string, Variation][] = name
    ? [
        [`without ${name}`, { tenant: [] }],
        [`with an empty ${name}`, { tenant: [""] }],
        [`with ${name} twice, the own tenant first`, { tenant: ids }],
        [`with ${name} twice, the other tenant first`, { tenant: ids.toReversed() }],
        [`with both tenants in one ${name}`, { tenant: [ids.join(",")] }],
      ]
    : [];
  const nobody: [string, Variation][] = [
    ["without a token", { isAnonymous: true }],
    ...(name
      ? [["without a token and a tenant", { isAnonymous: true, tenant: [] }] as [string, Variation]]
      : []),
  ];
  return [...byHeader, ...nobody];
}
