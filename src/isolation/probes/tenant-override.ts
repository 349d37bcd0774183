import { dispositionOf, type Exchange } from "../exchange.js";
import { randomLike } from "../ids.js";
import { blindnessOf, foreignTo, nameOf } from "../knowledge.js";
import { sightings } from "../marks.js";
import { isDenied, type Leak, type Observation, type Probe, unfit, unsure } from "../probe.js";
import { rowsOf } from "../rows.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import { otherTenant, queryNames, type Vary } from "./tenant-variations.js";

/** A's token, and B's tenant in a header or a parameter: compared with the answer without it. */
export const tenantOverride: Probe = {
  rule: "isolation/tenant-override",
  label: "override",
  unfit: () => undefined,

  async attempt(scene: Scene, wire: Wire): Promise<Observation> {
    const leaks: Leak[] = [];
    const denials: Exchange[] = [];
    const reasons: string[] = [];
    for (const [variant, variation] of otherTenant(scene.list.url, wire.binding, fieldsOf(scene))) {
      const attack = await wire.ask(scene.attacker, scene.list, variation(scene.victim.tenantId));
      // A parameter that is refused may be refused whoever is named in it.
      // Nor tells it anything that an object of A's own is not found in B.
      const isBelowOwn = /\{(?!tenant\})/.test(scene.list.url);
      if (isDenied(attack) && variation("").tenant && !isBelowOwn) denials.push(attack);
      if (dispositionOf(attack) !== "served") continue;
      const leak = await judged(scene, wire, variant, variation, attack);
      if (leak) leaks.push(leak);
      else reasons.push(...untold(scene, variant, attack));
    }
    // One name that is refused says what the others mean; guessed ones may be filters like any other.
    const [reason] = reasons;
    if (leaks.length > 0 || denials.length > 0 || reason === undefined) return { leaks, denials };
    // What B has was read, and is nothing: there is nothing here that could be opened.
    return scene.theirs ? unfit(reason) : unsure(reason);
  },
};

/** Names of parameters that are tried for a tenant's, though nothing says that they are. */
export function guessedParameters(scene: Scene): string[] {
  const told = new Set(fieldsOf(scene));
  return queryNames.filter((name) => !told.has(name));
}

/** Names that may mean a tenant here, those among them under which A's own answer says its tenant: `practiceId`. */
function fieldsOf({ own, attacker, tenantFields }: Scene): string[] {
  const paths = own.parsed.leaves.flatMap(({ path, value }) => (value === attacker.tenantId ? [path] : []));
  const shown = paths.map((path) => path.split(/[.\]]/).at(-1)!).filter((name) => /^\w+$/.test(name));
  return [...new Set([...tenantFields, ...shown])];
}

/**
 * B's marks prove it. Where B's own data is not known, rows do that A does not get without the override, nor
 * with the id of a tenant that does not exist.
 */
async function judged(
  { attacker, victim, own, theirs, list, marks }: Scene,
  wire: Wire,
  variant: string,
  vary: Vary,
  attack: Exchange,
): Promise<Leak | undefined> {
  const message = `with ${attacker.name}'s token and ${victim.name}'s tenant in ${variant}, the answer holds data of ${victim.name}`;
  const seen = sightings(attack, marks);
  if (seen.length > 0) return { variant, message, attack, control: theirs ?? own, seen };
  if (theirs) return undefined;
  const novel = foreignTo({ own }, rowsOf(attack.parsed.json) ?? []);
  if (novel.length === 0) return undefined;
  const again = await wire.ask(attacker, list);
  const random = await wire.ask(attacker, list, vary(randomLike(victim.tenantId)));
  const elsewhere = new Set([again, random].flatMap(({ parsed }) => (rowsOf(parsed.json) ?? []).map(nameOf)));
  const foreign = novel.filter((row) => !elsewhere.has(nameOf(row)));
  if (foreign.length === 0) return undefined;
  return {
    variant,
    message: `with ${attacker.name}'s token and ${victim.name}'s tenant in ${variant}, the answer holds ${foreign.length} rows that ${attacker.name} does not have`,
    attack,
    control: own,
    seen: foreign
      .flatMap(({ id }) => (id === undefined ? [] : [{ value: id, kind: "id" as const, path: "" }]))
      .slice(0, 10),
  };
}

/**
 * Why an answer that holds nothing known says nothing: B's data is not known, and it is not A's own rows either,
 * by which the other tenant's name would be known as ignored.
 */
function untold(scene: Scene, variant: string, attack: Exchange): string[] {
  const blindness = blindnessOf(scene);
  if (blindness === undefined) return [];
  const rows = rowsOf(attack.parsed.json) ?? [];
  if (rows.length > 0 && foreignTo(scene, rows).length === 0) return [];
  const shown = rows.length === 0 ? "no rows" : "other rows each time";
  return [
    `with ${scene.victim.name}'s tenant in ${variant} it answers ${attack.response.status} and ${shown}; ${blindness}`,
  ];
}
