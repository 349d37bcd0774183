import { pause } from "../../adapters/pause.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { isMarkedDeleted } from "../soft-delete.js";
import type { Wire } from "../wire.js";

const mostLooks = 4;
const between = 200;

/** What an owner reads after an attempt on its object: an accepted one may take its time. */
export async function settled(
  wire: Wire,
  look: () => Promise<Exchange>,
  attack: Exchange,
  isDone: (after: Exchange) => boolean,
): Promise<Exchange> {
  for (let time = 1; ; time += 1) {
    const after = await look();
    if (isDone(after) || dispositionOf(attack) !== "served" || time >= mostLooks) return after;
    await pause(between, wire.client.options.signal);
  }
}

/** Gone, or marked as deleted where it was not before. */
export function isGone(before: Exchange, after: Exchange): boolean {
  if ([404, 410].includes(after.response.status)) return true;
  return dispositionOf(after) === "served" && !isMarkedDeleted(before) && isMarkedDeleted(after);
}
