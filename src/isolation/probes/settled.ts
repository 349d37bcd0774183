import { lookUntil } from "../../adapters/pause.js";
import { dispositionOf, type Exchange, saidIn } from "../exchange.js";
import { isMarkedDeleted } from "../soft-delete.js";
import type { Wire } from "../wire.js";

const mostLooks = 4;
const between = 200;
/** Shorter values stand in other answers too. */
const tellingLength = 6;

/** What an owner reads after an attempt on its object: an accepted one may take its time. */
export function settled(
  wire: Wire,
  look: () => Promise<Exchange>,
  attack: Exchange,
  isDone: (after: Exchange) => boolean,
): Promise<Exchange> {
  const isEnough = (after: Exchange) => isDone(after) || dispositionOf(attack) !== "served";
  return lookUntil(look, isEnough, { most: mostLooks, between, signal: wire.client.options.signal });
}

/** Gone, or marked as deleted where it was not before. */
export function isGone(before: Exchange, after: Exchange): boolean {
  if ([404, 410].includes(after.response.status)) return true;
  if (dispositionOf(after) !== "served") return false;
  return (!isMarkedDeleted(before) && isMarkedDeleted(after)) || isAnother(before, after);
}

/**
 * Some APIs say with 200 that nothing is there: none of what stood in the object stands in such an answer, but for
 * what it repeats of the question.
 */
function isAnother(before: Exchange, after: Exchange): boolean {
  const asked = saidIn(after.request);
  const isTelling = (value: string) => value.length >= tellingLength && !asked.includes(value);
  const told = before.parsed.leaves.filter(({ value }) => isTelling(value));
  return told.length > 0 && told.every(({ value }) => !after.response.body.includes(value));
}
