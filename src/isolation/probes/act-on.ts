import { filledPath, type Operation, routeOf } from "../api/operations.js";
import { firstChange } from "../changes.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import { actAs } from "../planting/act.js";
import { targetOutOfReach } from "../planting/own-id.js";
import { isDenied, noLeak, type Observation, type Probe, unfit, unsure } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import { type Effect, effectOn, withoutEffect } from "./effect.js";
import { settled } from "./settled.js";

/** How A does it to an object of its own, and whether it is seen to change it. */
interface Way {
  readonly prelude: Operation | undefined;
  readonly isSeen: boolean;
}

/** A does to B's object what the route is for, `POST /quotations/{id}/approve`: B reads it before and after. */
export function actOn(operation: Operation, siblings: readonly Operation[]): Probe {
  /** What has to be done to an object first, `rent` before `return`; in words why nothing lets A do it. */
  const wayTo = async ({ attacker, ground }: Scene): Promise<Way | string> => {
    const { planter, another } = ground!;
    let refused = "";
    let silent: (Way & Pick<Effect, "isSeenLater">) | undefined;
    for (const prelude of [undefined, ...siblings]) {
      const own = await another(attacker);
      if ("refused" in own) return own.refused;
      if (prelude && dispositionOf(await actAs(planter, attacker, own, prelude)) !== "served") continue;
      const effect = await effectOn(planter, own, () => actAs(planter, attacker, own, operation));
      const { answer, isSeen } = effect;
      if (isSeen) return { prelude, isSeen };
      if (dispositionOf(answer) === "served") silent ??= { ...effect, prelude };
      refused ||= `${attacker.name} can't do it to its own object either: ${answer.response.status}`;
    }
    return silent ? { ...silent, isSeen: await silent.isSeenLater() } : refused;
  };

  return {
    rule: "isolation/update",
    label: "update",
    route: () => routeOf(operation),
    unfit: ({ ground }) => {
      if (!ground) return "nothing was created: there is no object to act on";
      const isKnown = filledPath(operation.path, ground.theirs.parameters) !== undefined;
      if (!ground.theirs.home.read) return "the API does not show one object: nobody can tell what changed";
      return isKnown && ground.theirs.url !== undefined
        ? undefined
        : "its path has a parameter that is not known";
    },

    async attempt(scene: Scene, wire: Wire): Promise<Observation> {
      const { attacker, victim, ground } = scene;
      const { planter, another } = ground!;
      const way = await wayTo(scene);
      if (typeof way === "string" && !scene.isRole) return unsure(way);
      const prelude = typeof way === "string" ? undefined : way.prelude;
      const first = await another(victim);
      if ("refused" in first) return unsure(first.refused);
      const target = await targetOutOfReach(planter, attacker, first, another);
      if (typeof target === "string") return unsure(target);
      if (prelude) await actAs(planter, victim, target, prelude);
      await planter.reader.settle();
      const twin = await another(victim);
      if ("refused" in twin) return unsure(twin.refused);
      if (prelude) await actAs(planter, victim, twin, prelude);
      const twinBefore = await planter.reader.readBack(twin);
      const before = await planter.reader.readBack(target);
      const steady = await planter.reader.readBack(target);
      if (!before || !steady || dispositionOf(before) !== "served")
        return unsure(`${victim.name} can't read its own object`);
      const attack = await actAs(planter, attacker, target, operation);
      await planter.reader.settle();
      const look = async () => (await planter.reader.look(target))!;
      const isChanged = (each: Exchange) => firstChange(before, steady, each) !== undefined;
      const after = await settled(wire, look, attack, isChanged);
      const beside = { before: twinBefore, after: await planter.reader.readBack(twin) };
      const changed = firstChange(before, steady, after, beside);
      if (changed) {
        const message = `${attacker.name} acted on ${victim.name}'s object: ${victim.name} reads another ${changed.path}`;
        const seen = [{ value: changed.value, kind: "own", path: changed.path } as const];
        return { leaks: [{ variant: "act", message, attack, control: after, seen }] };
      }
      const shown = sightings(attack, [...scene.marks, ...planter.marksOf(victim)]);
      if (shown.length === 0 && typeof way === "string") return unfit(way);
      // Refused, where the own one is not: that is an answer by itself.
      if (shown.length === 0 && typeof way !== "string")
        return way.isSeen || isDenied(attack) ? noLeak(attack) : unsure(withoutEffect(attacker));
      const message = `${attacker.name} received ${victim.name}'s object in answer to an action on it`;
      return { leaks: [{ variant: "answer", message, attack, control: after, seen: shown }] };
    },
  };
}
