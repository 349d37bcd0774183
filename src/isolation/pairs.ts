import type { Actor } from "./actor.js";

/**
 * Who tries for whose data. Of two tenants the first tries for the second's, and what the second is shown of the
 * first's own is looked at too. Of more, each tries for the next one's, the last for the first's: as many checks
 * as tenants, in which each is once on either side. Who has no token only stands on the other side.
 *
 * @param tenants the first has a token
 */
export function pairsOf<Tenant extends Actor>(
  tenants: readonly Tenant[],
): { readonly attacker: Tenant; readonly victim: Tenant }[] {
  const [first, second, ...others] = tenants;
  if (!first || !second) return [];
  if (others.length === 0) return [{ attacker: first, victim: second }];
  const victims = [...tenants.slice(1), first];
  return victims.map((victim) => {
    const at = tenants.indexOf(victim);
    const before = [...tenants.slice(at + 1), ...tenants.slice(0, at)].toReversed();
    return { attacker: before.find(({ token }) => token !== undefined)!, victim };
  });
}
