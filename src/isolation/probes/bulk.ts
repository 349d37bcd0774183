import { routeOf } from "../api/operations.js";
import { firstChange } from "../changes.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import type { Json } from "../json.js";
import { sightings } from "../marks.js";
import { ownUnderThatId } from "../planting/own-id.js";
import { isDenied, type Leak, type Observation, type Trial, unfit, unsure } from "../probe.js";
import type { World } from "../world.js";
import { type Batch, batchesOf, callFor, waysOf } from "./batches.js";
import { effectOn, withoutEffect } from "./effect.js";
import { isGone, settled } from "./settled.js";

/** A names an object of B's among its own: B reads what became of it. */
export function bulkTrials(world: World): Trial[] {
  return world.operations
    .flatMap((operation) => batchesOf(operation, world))
    .map((batch) => bulk(world, batch));
}

function bulk(world: World, batch: Batch): Trial {
  const { planter, options, run } = world;
  const { attacker, victim } = options;
  const { wire } = run;
  const { operation, resource } = batch;

  const tryChoice = async (choice: Json, name: string): Promise<Leak | string | undefined> => {
    const spare = await planter.plant(attacker, resource);
    const own = await planter.plant(attacker, resource);
    const target = await planter.plant(victim, resource);
    const twin = await planter.plant(victim, resource);
    for (const each of [spare, own, target, twin]) if ("refused" in each) return each.refused;
    if (!("id" in spare && "id" in own && "id" in target && "id" in twin)) return undefined;
    const send = async (ids: readonly string[]) =>
      wire.ask(attacker, (await callFor(world, batch, ids, choice, attacker))!);
    const { reader } = planter;
    const effect = await effectOn(planter, spare, () => send([spare.id]));
    const { answer: control } = effect;
    if (dispositionOf(control) !== "served")
      return `${attacker.name} can't do it to its own objects either: ${control.response.status}`;
    // How late it is has to be known before anything is tried.
    const isSeen = effect.isSeen || (await effect.isSeenLater());
    // Told of one object, it may do it to that one only.
    const spared = await reader.readBack(own);
    if (spared && dispositionOf(spared) === "denied")
      return `${routeOf(operation)} does more than it is told: it is not tried further`;
    const look = async () => (await reader.look(target))!;
    const before = await reader.readBack(target);
    const steady = before && (await look());
    const twinBefore = await reader.readBack(twin);
    const obstacle = await ownUnderThatId(wire, attacker, target);
    if (obstacle) return obstacle;
    const isReadable = before !== undefined && steady !== undefined && dispositionOf(before) === "served";
    let isRefused = false;
    for (const ids of [[own.id, target.id], [target.id]]) {
      const attack = await send(ids);
      isRefused = isDenied(attack);
      const seen = sightings(attack, planter.marksOf(victim));
      if (seen.length > 0) {
        const message = `${attacker.name} received ${victim.name}'s object among its own, by naming its id${name}`;
        return { variant: `answer${name}`, message, attack, control, seen };
      }
      if (!isReadable) continue;
      const isHarmed = (after: Exchange) =>
        isGone(before, after) || firstChange(before, steady, after) !== undefined;
      await reader.settle();
      const after = await settled(wire, look, attack, isHarmed);
      const beside = { before: twinBefore, after: await reader.readBack(twin) };
      if (!isGone(before, after) && !firstChange(before, steady, after, beside)) continue;
      const done = isGone(before, after) ? "deleted" : "changed";
      const message = `${attacker.name} ${done} ${victim.name}'s object among its own, by naming its id${name}`;
      return { variant: `${done}${name}`, message, attack, control: after, seen: [] };
    }
    // Named alone it is refused, and the own one is not: that is an answer by itself.
    if (isRefused) return undefined;
    if (!isReadable)
      return `nothing that ${victim.name} reads shows one object: nobody can tell what changed`;
    const isShown = sightings(control, planter.marksOf(attacker)).length > 0;
    return isSeen || isShown ? undefined : withoutEffect(attacker);
  };

  return {
    route: routeOf(operation),
    rule: "isolation/bulk",
    label: "bulk",
    async attempt(): Promise<Observation> {
      if (!resource.create) return unfit(`no ${resource.name} can be created to name`);
      if (!(await callFor(world, batch, [], {}, attacker)))
        return unfit("its path has a parameter that is not known");
      const leaks: Leak[] = [];
      const reasons: string[] = [];
      const ways = waysOf(world, operation);
      for (const [name, choice] of ways) {
        const result = await tryChoice(choice, name);
        if (typeof result === "string") reasons.push(result);
        else if (result) leaks.push(result);
      }
      // One of several things to do with a batch may not fit new objects.
      return leaks.length === 0 && reasons.length === ways.length ? unsure(reasons[0]!) : { leaks };
    },
  };
}
