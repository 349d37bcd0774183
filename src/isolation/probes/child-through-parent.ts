import { type Operation, parametersOf, routeOf } from "../api/operations.js";
import { objectParameters } from "../api/tenant-parameters.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import { targetOutOfReach } from "../planting/own-id.js";
import { holdsCanary, type Planted } from "../planting/planted.js";
import { noLeak, nothing, type Observation, type Probe, unsure } from "../probe.js";
import type { Ground, Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import { change, wayToChange } from "./change.js";
import { isGone } from "./settled.js";

/** A reaches for B's child below A's own parent: `/parents/A/children/B`. B reads what became of it. */
export function childThroughParent(operation: Operation): Probe {
  const { method, path } = operation;
  const own = parametersOf(path).at(-1)!;
  const parentsOf = ({ planter }: Ground) =>
    objectParameters(path, planter.options.tenantFields).filter((name) => name !== own);

  return {
    rule: "isolation/child-through-parent",
    label: "through parent",
    route: () => routeOf(operation),
    unfit: ({ ground }) => {
      if (!ground || parentsOf(ground).length === 0) return "it does not stand below another object";
      if (ground.theirs.url === undefined) return "the API has no path for one object";
      return method === "GET" || method === "DELETE" || ground.theirs.marked.length
        ? undefined
        : "its objects have no free text to change";
    },

    async attempt(scene: Scene, wire: Wire): Promise<Observation> {
      const { attacker, victim, ground, marks } = scene;
      const { mine, planter, another } = ground!;
      const first = method === "DELETE" ? await another(victim) : ground!.theirs;
      if ("refused" in first) return unsure(first.refused);
      const ownParents = parentsIn(mine, parentsOf(ground!));
      const through = (child: Planted): Planted => ({
        ...child,
        url: planter.urlOf(path, { ...child.parameters, ...ownParents })!,
      });
      const target =
        method === "GET" ? first : await targetOutOfReach(planter, attacker, first, another, through);
      if (typeof target === "string") return unsure(target);
      const before = await planter.reader.readBack(target);
      if (!before || dispositionOf(before) !== "served")
        return unsure(`${victim.name} can't read its own object`);
      // What opens below B's own parent too is not let in by A's.
      const direct = await wire.get(attacker, target.url!);
      if (sightings(direct, marks).length > 0) return nothing;
      const isChange = method !== "GET" && method !== "DELETE";
      const way = isChange ? await wayToChange(operation, mine, planter, wire) : { isWhole: false };
      if (typeof way === "string") return unsure(`${attacker.name} ${way}`);
      const { canary, exchange: attack } = isChange
        ? await change(operation, through(target), planter, wire, attacker, way.isWhole)
        : { canary: "", exchange: await wire.ask(attacker, { method, url: through(target).url! }) };
      const seen = sightings(attack, marks);
      if (seen.length > 0) {
        const message = `${attacker.name} received ${victim.name}'s object below an object of its own`;
        return { leaks: [{ variant: "answer", message, attack, control: before, seen }] };
      }
      if (method === "GET") return noLeak(attack);
      await planter.reader.settle();
      const after = await planter.reader.readBack(target);
      if (!after || !isHarmed(method, before, after, canary)) return noLeak(attack);
      const done = method === "DELETE" ? "deleted" : "changed";
      const message = `${attacker.name} ${done} ${victim.name}'s object below an object of its own: ${victim.name} reads it`;
      return { leaks: [{ variant: done, message, attack, control: after, seen: [] }] };
    },
  };
}

function parentsIn({ parameters }: Planted, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, parameters[name]!]));
}

function isHarmed(method: string, before: Exchange, after: Exchange, canary: string): boolean {
  if (method !== "DELETE") return holdsCanary(after, canary);
  return isGone(before, after);
}
