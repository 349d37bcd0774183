import type { Actor, Call } from "../actor.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { randomLike } from "../ids.js";
import { type Mark, ownMarks, sightings } from "../marks.js";
import { isOwnersAnswer } from "../owners-answer.js";
import { isDenied, type Leak, type Observation, type Probe } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

const mostObjects = 3;

/** A asks for B's object by its id. */
export const readById: Probe = {
  rule: "isolation/read-by-id",
  label: "read",
  route: ({ itemRoute }) => itemRoute,
  unfit: ({ theirs, foreignIds }) => {
    if (!theirs) return "there is no token of the other tenant";
    return foreignIds.length ? undefined : "the other tenant's list has no object of its own";
  },

  async attempt(scene: Scene, wire: Wire): Promise<Observation> {
    const { attacker, victim, foreignIds, own, ground } = scene;
    const leaks: Leak[] = [];
    const denials: Exchange[] = [];
    const unsure: string[] = [];
    for (const id of foreignIds.slice(0, mostObjects)) {
      const call = scene.item(id);
      const first = await wire.ask(victim, call);
      const control = await wire.ask(victim, call);
      if (dispositionOf(first) !== "served" || dispositionOf(control) !== "served") {
        unsure.push(`${victim.name} can't read its own object either: ${control.response.status}`);
        continue;
      }
      const known = [...scene.marks, ...ownMarks(first.parsed.leaves, control.parsed.leaves, [])];
      const open = await readByNobody(wire, victim, call, known);
      if (open) {
        const message = `without a token, the answer holds ${victim.name}'s object`;
        leaks.push({
          rule: "isolation/tenant-missing",
          variant: "without a token",
          message,
          control,
          ...open,
        });
        continue;
      }
      const attack = await wire.ask(attacker, call);
      const random = await wire.ask(attacker, scene.item(randomLike(id)));
      if (isDenied(attack)) denials.push(attack);
      const others = [...own.parsed.leaves, ...random.parsed.leaves];
      const marks = [...scene.marks, ...ownMarks(first.parsed.leaves, control.parsed.leaves, others)];
      // What an answer says of any id, it does not say of this object.
      const seen = sightings(attack, marks).filter(({ value }) => !random.response.body.includes(value));
      if (seen.length > 0) {
        const message = `${attacker.name} read ${victim.name}'s object by its id`;
        leaks.push({ variant: "read", message, attack, control, seen });
      } else if (
        ground?.theirs.id === id &&
        isSame(attack, control) &&
        (await isOwnersAnswer(id, attack, control, async () => random))
      ) {
        const message = `${attacker.name} received ${victim.name}'s object by its id, as ${victim.name} does`;
        leaks.push({ variant: "read", message, attack, control, seen: [] });
      } else if (dispositionOf(attack) === "served" && isSame(attack, control) && !isSame(attack, random)) {
        unsure.push("the answer is the owner's own, and holds nothing that tells whose it is");
      }
    }
    return { leaks, denials, unsure: leaks.length ? undefined : unsure[0] };
  },
};

/** The answer to a request in the owner's tenant without a token, with its header and without, where it holds what is known. */
async function readByNobody(wire: Wire, owner: Actor, call: Call, known: readonly Mark[]) {
  for (const variation of [{ isAnonymous: true }, { isAnonymous: true, tenant: [] }]) {
    const attack = await wire.ask(owner, call, variation);
    const seen = dispositionOf(attack) === "served" ? sightings(attack, known) : [];
    if (seen.length > 0) return { attack, seen };
  }
  return undefined;
}

function isSame(left: Exchange, right: Exchange): boolean {
  return left.response.status === right.response.status && left.response.body === right.response.body;
}
