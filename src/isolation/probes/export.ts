import { headerOf } from "../../adapters/http/message.js";
import type { RuleId } from "../../findings/rules.js";
import type { Call, Variation } from "../actor.js";
import { answersJson, isEventStream, type Operation, routeOf } from "../api/operations.js";
import { requiredQuery } from "../api/paging.js";
import { objectParameters, tenantParameters } from "../api/tenant-parameters.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import { type Leak, type Observation, type Trial, unfit, unsure } from "../probe.js";
import type { World } from "../world.js";
import { missingTenant, otherTenant } from "./tenant-variations.js";

/** Files of everything that a tenant has: A's hold nothing of B's, whatever tenant the request names. */
export function exportTrials(world: World): Trial[] {
  const { operations, options } = world;
  return operations
    .filter((each) => each.method === "GET" && !answersJson(each) && !isEventStream(each))
    .filter(({ path }) => objectParameters(path, options.tenantFields).length === 0)
    .map((operation) => exportTrial(world, operation));
}

function exportTrial(world: World, operation: Operation): Trial {
  const { planter, options, run } = world;
  const { attacker, victim, tenantFields } = options;
  const { wire } = run;
  return {
    route: routeOf(operation),
    rule: "isolation/export",
    label: "export",
    async attempt(): Promise<Observation> {
      if (world.isReadOnly) return unfit("nothing was created that could show in a file");
      const parameters = tenantParameters(operation.path, tenantFields);
      const url = `${planter.urlOf(operation.path, parameters)!}${requiredQuery(operation)}`;
      const call: Call = { method: "GET", url };
      const marks = planter.marksOf(victim);
      const control = await wire.ask(victim, call);
      const obstacle = obstacleOf(control, sightings(control, marks).length > 0);
      const variations: [variant: string, variation: Variation, rule: RuleId][] = [
        ["export", {}, "isolation/export"],
        ...otherTenant(url, wire.binding).map(([variant, vary]): [string, Variation, RuleId] => [
          `with ${variant}`,
          vary(victim.tenantId),
          "isolation/tenant-override",
        ]),
        ...missingTenant(attacker, victim, wire.binding).map(
          ([variant, variation]): [string, Variation, RuleId] => [
            variant,
            variation,
            "isolation/tenant-missing",
          ],
        ),
      ];
      const leaks: Leak[] = [];
      for (const [variant, variation, rule] of variations) {
        const attack = await wire.ask(attacker, call, variation);
        const known = variation.isAnonymous ? [...marks, ...planter.marksOf(attacker)] : marks;
        const seen = sightings(attack, known);
        if (seen.length === 0) continue;
        const whose = variation.isAnonymous ? "data of a tenant" : `data of ${victim.name}`;
        const message = `${attacker.name}'s file, ${variant}, holds ${whose}`;
        leaks.push({ rule, variant, message, attack, control, seen });
        // The file alone leaks: what else it can be asked with proves nothing more.
        if (variant === "export") break;
      }
      return leaks.length > 0 || obstacle === undefined ? { leaks } : unsure(obstacle);
    },
  };
}

/** Why an empty hand says nothing: the owner's own file does not show what was created either. */
function obstacleOf(control: Exchange, isShown: boolean): string | undefined {
  const type = headerOf(control.response, "content-type").split(";")[0]!;
  if (dispositionOf(control) !== "served") return `its own tenant can't have it: ${control.response.status}`;
  if (isShown) return undefined;
  return /zip|pdf|sheet|octet|excel|image/.test(type)
    ? `what is in a file of ${type} can't be read`
    : "what was created does not show in its owner's file either";
}
