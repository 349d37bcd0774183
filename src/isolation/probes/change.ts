import type { Actor } from "../actor.js";
import type { Operation } from "../api/operations.js";
import { dispositionOf } from "../exchange.js";
import { holdsCanary, type Planted } from "../planting/planted.js";
import type { Planter } from "../planting/planter.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";

/** Why the other's object can't be changed here; undefined where it can. */
export function unfitToChange({ ground }: Scene): string | undefined {
  if (!ground) return "nothing was created: there is no object to change";
  if (ground.theirs.url === undefined) return "the API has no path for one object";
  return ground.theirs.marked.length ? undefined : "its objects have no free text to change";
}

/** What the API takes as a change of one's own object: one field, or all of it; in words where it takes neither. */
export async function wayToChange(
  operation: Operation,
  mine: Planted,
  planter: Planter,
  wire: Wire,
): Promise<{ readonly isWhole: boolean } | string> {
  let status = 0;
  for (const isWhole of operation.method === "PUT" ? [true, false] : [false, true]) {
    const { canary, exchange } = await change(operation, mine, planter, wire, mine.owner, isWhole);
    if (dispositionOf(exchange) === "served") {
      const shown = await planter.reader.readUntil(mine, (each) => holdsCanary(each, canary));
      if (holdsCanary(shown, canary)) return { isWhole };
    }
    status ||= exchange.response.status;
  }
  return `can't change its own object this way either: ${status}`;
}

/** Sends a new canary to an object, as whoever. */
export async function change(
  operation: Operation,
  planted: Planted,
  planter: Planter,
  wire: Wire,
  actor: Actor,
  isWhole: boolean,
) {
  const { canary, body } = await planter.bodies.changeOf(planted, operation, actor, isWhole);
  const exchange = await wire.ask(actor, { method: operation.method, url: planted.url!, body });
  return { canary, exchange };
}
