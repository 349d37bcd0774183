import { filledPath, type Operation, routeOf } from "../api/operations.js";
import { dispositionOf } from "../exchange.js";
import { ownMarks, sightings } from "../marks.js";
import { nothing, type Observation, type Probe } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** A asks for what stands below B's object: its children, its history, its file. */
export function readRoute(operation: Operation, baseUrl: string): Probe {
  const urlOf = (parameters: Readonly<Record<string, string>>) => {
    const path = filledPath(operation.path, parameters);
    return path === undefined ? undefined : `${baseUrl}${path}`;
  };
  return {
    rule: "isolation/read-by-id",
    label: "read",
    route: () => routeOf(operation),
    unfit: ({ ground }) => {
      if (!ground) return "nothing was created: there is no object to ask for";
      return urlOf(ground.theirs.parameters) ? undefined : "its path has a parameter that is not known";
    },

    async attempt({ attacker, victim, ground, marks }: Scene, wire: Wire): Promise<Observation> {
      const call = { method: "GET", url: urlOf(ground!.theirs.parameters)! };
      const first = await wire.ask(victim, call);
      const control = await wire.ask(victim, call);
      if (dispositionOf(control) !== "served")
        return { leaks: [], unsure: `${victim.name} can't read it either: ${control.response.status}` };
      const own = await wire.ask(attacker, { method: "GET", url: urlOf(ground!.mine.parameters)! });
      const attack = await wire.ask(attacker, call);
      if (dispositionOf(attack) === "denied") return { ...nothing, denials: [attack] };
      const known = [...marks, ...ownMarks(first.parsed.leaves, control.parsed.leaves, own.parsed.leaves)];
      const seen = sightings(attack, known).filter(({ value }) => !own.response.body.includes(value));
      if (seen.length === 0) return nothing;
      const message = `${attacker.name} read what stands below ${victim.name}'s object`;
      return { leaks: [{ variant: "read", message, attack, control, seen }] };
    },
  };
}
