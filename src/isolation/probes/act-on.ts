import { filledPath, type Operation, routeOf } from "../api/operations.js";
import { firstChange } from "../changes.js";
import { dispositionOf } from "../exchange.js";
import { sightings } from "../marks.js";
import { actAs } from "../planting/act.js";
import { ownUnderThatId } from "../planting/own-id.js";
import { noLeak, type Observation, type Probe, unsure } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** A does to B's object what the route is for, `POST /quotations/{id}/approve`: B reads it before and after. */
export function actOn(operation: Operation, siblings: readonly Operation[]): Probe {
  /** What has to be done to an object first, `rent` before `return`; in words why nothing lets A do it. */
  const preludeOf = async ({
    attacker,
    ground,
  }: Scene): Promise<{ prelude: Operation | undefined } | string> => {
    let refused = "";
    for (const prelude of [undefined, ...siblings]) {
      const own = await ground!.another(attacker);
      if ("refused" in own) return own.refused;
      if (prelude && dispositionOf(await actAs(ground!.planter, attacker, own, prelude)) !== "served")
        continue;
      const answer = await actAs(ground!.planter, attacker, own, operation);
      if (dispositionOf(answer) === "served") return { prelude };
      refused ||= `${attacker.name} can't do it to its own object either: ${answer.response.status}`;
    }
    return refused;
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
      const way = await preludeOf(scene);
      if (typeof way === "string") return unsure(way);
      const target = await another(victim);
      if ("refused" in target) return unsure(target.refused);
      if (way.prelude) await actAs(planter, victim, target, way.prelude);
      await planter.reader.settle();
      const twin = await another(victim);
      if ("refused" in twin) return unsure(twin.refused);
      if (way.prelude) await actAs(planter, victim, twin, way.prelude);
      const twinBefore = await planter.reader.readBack(twin);
      const before = await planter.reader.readBack(target);
      const steady = await planter.reader.readBack(target);
      const obstacle = await ownUnderThatId(wire, attacker, target);
      if (obstacle) return unsure(obstacle);
      const attack = await actAs(planter, attacker, target, operation);
      await planter.reader.settle();
      const after = await planter.reader.readBack(target);
      const beside = { before: twinBefore, after: await planter.reader.readBack(twin) };
      const changed = before && steady && after && firstChange(before, steady, after, beside);
      if (changed) {
        const message = `${attacker.name} acted on ${victim.name}'s object: ${victim.name} reads another ${changed.path}`;
        const seen = [{ value: changed.value, kind: "own", path: changed.path } as const];
        return { leaks: [{ variant: "act", message, attack, control: after, seen }] };
      }
      const shown = sightings(attack, [...scene.marks, ...planter.marksOf(victim)]);
      if (shown.length === 0) return noLeak(attack);
      const message = `${attacker.name} received ${victim.name}'s object in answer to an action on it`;
      return { leaks: [{ variant: "answer", message, attack, control: after, seen: shown }] };
    },
  };
}
