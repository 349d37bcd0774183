import { lookUntil } from "../../adapters/pause.js";
import type { Actor } from "../actor.js";
import { answersJson, type Operation, routeOf } from "../api/operations.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { randomLike } from "../ids.js";
import { ownMarks, sightings } from "../marks.js";
import { isOwnersAnswer } from "../owners-answer.js";
import type { Planted } from "../planting/planted.js";
import { isDenied, noLeak, nothing, type Observation, type Probe, unfit, unsure } from "../probe.js";
import type { Scene } from "../scene.js";
import { isSignature } from "../signature.js";
import type { Wire } from "../wire.js";

const mostLooks = 15;
/** Milliseconds. */
const between = 150;

/** A asks for what stands below B's object: its children, its history, its file. */
export function readRoute(operation: Operation): Probe {
  const isFile = !answersJson(operation);
  return {
    rule: isFile ? "isolation/export" : "isolation/read-by-id",
    label: isFile ? "export" : "read",
    route: () => routeOf(operation),
    unfit: ({ ground }) => {
      if (!ground) return "nothing was created: there is no object to ask for";
      const isSigned = operation.query.some(({ name, isRequired }) => isRequired && isSignature(name));
      return isSigned ? "it needs a signature, which only a link to it has" : undefined;
    },

    async attempt({ attacker, victim, ground, marks }: Scene, wire: Wire): Promise<Observation> {
      const { theirs, planter, another } = ground!;
      // A file that a job writes holds what was there when it ran.
      const recent = isFile ? await another(attacker) : ground!.mine;
      const mine = "refused" in recent ? ground!.mine : recent;
      const parameters = await planter.needs.parametersFor(victim, operation.path, theirs.parameters);
      const ownParameters = await planter.needs.parametersFor(attacker, operation.path, mine.parameters);
      if (!parameters || !ownParameters) return unfit("its path has a parameter that is not known");
      const call = { method: "GET", url: planter.urlOf(operation.path, parameters)! };
      const first = await wire.ask(victim, call);
      const control = await wire.ask(victim, call);
      if (dispositionOf(control) !== "served")
        return unsure(`${victim.name} can't read it either: ${control.response.status}`);
      const randomCall = () =>
        wire.ask(attacker, {
          method: "GET",
          url: planter.urlOf(operation.path, withRandomId(theirs, parameters))!,
        });
      const ownUrl = planter.urlOf(operation.path, ownParameters)!;
      const own = await whenReady(wire, attacker, ownUrl, mine);
      const attack = await wire.ask(attacker, call);
      const isEmpty = attack.response.body === "";
      const shown = sightings(own, marks);
      if (shown.length > 0) {
        const message = `what stands below ${attacker.name}'s own object holds data of ${victim.name}`;
        return {
          leaks: [{ variant: "own", message, attack: own, control, seen: shown, ...(isFile ? {} : ofList) }],
        };
      }
      if (isDenied(attack)) return noLeak(attack);
      const known = [...marks, ...ownMarks(first.parsed.leaves, control.parsed.leaves, own.parsed.leaves)];
      const seen = sightings(attack, known).filter(({ value }) => !own.response.body.includes(value));
      const isOwners = async () => !isEmpty && isOwnersAnswer(theirs.id, attack, control, randomCall);
      if (seen.length === 0 && !(await isOwners())) return nothing;
      const message = `${attacker.name} read what stands below ${victim.name}'s object`;
      return { leaks: [{ variant: "read", message, attack, control, seen }] };
    },
  };
}

/** What a job makes is waited for. */
function whenReady(wire: Wire, actor: Actor, url: string, { exchange }: Planted): Promise<Exchange> {
  const isJob = exchange.response.status === 202;
  return lookUntil(
    () => wire.get(actor, url),
    (answer) => !isJob || dispositionOf(answer) === "served",
    { most: mostLooks, between, signal: wire.client.options.signal },
  );
}

const ofList = { rule: "isolation/list" } as const;

function withRandomId({ id }: Planted, parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, value === id ? randomLike(id) : value]),
  );
}
