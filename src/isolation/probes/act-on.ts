import type { Actor } from "../actor.js";
import { filledPath, type Operation, routeOf } from "../api/operations.js";
import { newCanary } from "../canary.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import { ownUnderThatId } from "../planting/own-id.js";
import type { Planted } from "../planting/planter.js";
import { noLeak, type Observation, type Probe, unsure } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** A does to B's object what the route is for, `POST /quotations/{id}/approve`: B reads it before and after. */
export function actOn(operation: Operation, siblings: readonly Operation[]): Probe {
  const act = async (wire: Wire, { ground }: Scene, actor: Actor, target: Planted, action = operation) => {
    const { planter } = ground!;
    const filled = await planter.bodyFor(actor, action, newCanary());
    const url = planter.urlOf(action.path, target.parameters)!;
    return wire.ask(actor, { method: action.method, url, ...(filled ? { body: filled.body } : {}) });
  };

  /** What has to be done to an object first, `rent` before `return`; in words why nothing lets A do it. */
  const preludeOf = async (
    scene: Scene,
    wire: Wire,
  ): Promise<{ prelude: Operation | undefined } | string> => {
    const { attacker, ground } = scene;
    let refused = "";
    for (const prelude of [undefined, ...siblings]) {
      const own = await ground!.planter.plant(attacker, ground!.mine.resource);
      if ("refused" in own) return own.refused;
      if (prelude && dispositionOf(await act(wire, scene, attacker, own, prelude)) !== "served") continue;
      const answer = await act(wire, scene, attacker, own);
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
      if (!ground.theirs.resource.read)
        return "the API does not show one object: nobody can tell what changed";
      return isKnown && ground.theirs.url !== undefined
        ? undefined
        : "its path has a parameter that is not known";
    },

    async attempt(scene: Scene, wire: Wire): Promise<Observation> {
      const { attacker, victim, ground } = scene;
      const { theirs, planter } = ground!;
      const way = await preludeOf(scene, wire);
      if (typeof way === "string") return unsure(way);
      const target = await planter.plant(victim, theirs.resource);
      if ("refused" in target) return unsure(target.refused);
      if (way.prelude) await act(wire, scene, victim, target, way.prelude);
      const before = await planter.readBack(target);
      const steady = await planter.readBack(target);
      const obstacle = await ownUnderThatId(wire, attacker, target);
      if (obstacle) return unsure(obstacle);
      const attack = await act(wire, scene, attacker, target);
      const after = await planter.readBack(target);
      const changed = before && steady && after && firstChange(before, steady, after);
      if (changed) {
        const message = `${attacker.name} acted on ${victim.name}'s object: ${victim.name} reads another ${changed.path}`;
        const seen = [{ value: changed.value, kind: "own", path: changed.path } as const];
        return { leaks: [{ variant: "act", message, attack, control: after, seen }] };
      }
      const shown = sightings(attack, [...scene.marks, { value: target.canary, kind: "planted" }]);
      if (shown.length === 0) return noLeak(attack);
      const message = `${attacker.name} received ${victim.name}'s object in answer to an action on it`;
      return { leaks: [{ variant: "answer", message, attack, control: after, seen: shown }] };
    },
  };
}

/** A value that differs, and did not differ by itself between two readings before. */
function firstChange(before: Exchange, steady: Exchange, after: Exchange) {
  const known = new Map(before.parsed.leaves.map(({ path, value }) => [path, value]));
  const again = new Map(steady.parsed.leaves.map(({ path, value }) => [path, value]));
  return after.parsed.leaves.find(
    ({ path, value }) => known.get(path) === again.get(path) && known.get(path) !== value,
  );
}
