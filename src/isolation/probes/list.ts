import { dispositionOf, type Exchange } from "../exchange.js";
import { isTellingId } from "../ids.js";
import { blindnessOf } from "../knowledge.js";
import { sightings } from "../marks.js";
import { nestedRule } from "../nesting.js";
import { allPages } from "../pages.js";
import { type Leak, nothing, type Observation, type Probe, unfit, unsure } from "../probe.js";
import { identityOf, type Row, rowsOf } from "../rows.js";
import { fresh, type Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import { isServedByTurns } from "./served-by-turns.js";

/** A's own list holds B's rows. */
export const list: Probe = {
  rule: "isolation/list",
  label: "list",
  unfit: ({ isList }) => (isList ? undefined : "there is no list of it"),

  async attempt(scene: Scene, wire: Wire): Promise<Observation> {
    const { attacker, victim, list: call, own, theirs, marks, ownMarks, leaking, leakingBack } = scene;
    const whole = await allPages(wire, attacker, call, scene.pages, fresh(scene));
    const [first] = whole;
    const pages = [...whole, ...(await smallPages(scene, wire, whole))];
    if (dispositionOf(first!) !== "served") return unsure(`the list answered ${first!.response.status}`);
    // Values that only B's own list had can't be here by now; its tenant's id, or what was planted, could.
    for (const attack of pages) {
      const seen = sightings(attack, [...leaking, ...marks]);
      if (seen.length === 0) continue;
      const message = `${attacker.name}'s own list holds data of ${victim.name}`;
      const leak = { variant: "list", message, attack, control: theirs, seen, ...nestedRule(attack, seen) };
      return { leaks: [(await isServedByTurns(scene, wire, attack, attacker)) ? cached(leak) : leak] };
    }
    // At a URL that no cache has seen: what a cache mixes is another class.
    const back = theirs && (await wire.ask(victim, call, fresh(scene)));
    const seenBack = back ? sightings(back, [...leakingBack, ...ownMarks]) : [];
    if (back && seenBack.length > 0) {
      const message = `${victim.name}'s own list holds data of ${attacker.name}`;
      const how = { attack: back, control: own, seen: seenBack, ...nestedRule(back, seenBack) };
      const leak = { variant: "list of the other", message, ...how };
      return { leaks: [(await isServedByTurns(scene, wire, back, victim)) ? cached(leak) : leak] };
    }
    if (scene.isShared) return nothing;
    const shared = sharedRows(scene, first!.parsed.json, theirs?.parsed.json);
    const blindness = blindnessOf(scene);
    if (shared === 0) return blindness === undefined ? nothing : unfit(blindness);
    return unsure(
      `${shared} ${shared === 1 ? "row is" : "rows are"} the same for both tenants, and nothing says whose they are: shared by design, or leaked`,
    );
  },
};

/** What fits on one page, in three: the query of a later page may be another one. */
async function smallPages(scene: Scene, wire: Wire, whole: readonly Exchange[]): Promise<Exchange[]> {
  const { attacker, list: call, pages } = scene;
  const rows = rowsOf(whole[0]?.parsed.json) ?? [];
  if (!pages.size || rows.length < 2) return [];
  const size = { ...pages.size, most: Math.ceil(rows.length / 3) };
  return allPages(wire, attacker, call, { ...pages, size }, fresh(scene));
}

/** Whoever of the two it was that received the other's. */
function cached(leak: Leak): Leak {
  const message = `${leak.message}, and each gets what the other asked for right before`;
  return { ...leak, rule: "isolation/shared-cache", variant: "cache", message };
}

/**
 * Rows that both have: alike in everything, or under one id that two tenants can't have by chance. Where objects
 * were created, what has no id is a figure, not an object: a month without sales is alike for both.
 */
function sharedRows({ isPlanted }: Scene, own: unknown, theirs: unknown): number {
  const rows = [own, theirs].map((json) =>
    (rowsOf(json) ?? []).filter(({ id }) => !isPlanted || id !== undefined),
  );
  const known = new Set(rows[0]!.flatMap(namesOf));
  return rows[1]!.filter((row) => namesOf(row).some((name) => known.has(name))).length;
}

function namesOf(row: Row): string[] {
  const { id } = row;
  return [identityOf(row), ...(id !== undefined && isTellingId(id) ? [`id ${id}`] : [])];
}
