import { lookUntil } from "../../adapters/pause.js";
import { routeOf } from "../api/operations.js";
import { dispositionOf } from "../exchange.js";
import { isTellingId } from "../ids.js";
import { idOf, objectOf } from "../rows.js";
import type { World } from "../world.js";
import { type Difference, differencesBetween } from "./differences.js";
import { type OwnList, type OwnLists, readList, type UnreadList } from "./own-lists.js";

/** What a run did to what was there before it, as far as lists show it. */
export interface Aftermath {
  readonly compared: number;
  readonly differences: readonly RowDifference[];
  readonly unread: readonly UnreadList[];
}

export interface RowDifference extends Difference {
  readonly tenant: string;
  readonly route: string;
}

/** An API that deletes a little later is given a second. */
const mostLooks = 3;
const between = 500;
/** Of one list, that are asked for one by one. */
const mostAsked = 50;
/** That a report lists. */
const mostListed = 200;

/** Reads each list again, after everything was deleted, and says what is not as it was. */
export async function compareOwnLists(world: World, { lists, unread }: OwnLists): Promise<Aftermath> {
  const results = await Promise.all(lists.map((list) => differencesOf(world, list)));
  const named = lists.map(({ owner, operation }, index) => ({
    names: { tenant: owner.name, route: routeOf(operation) },
    result: results[index]!,
  }));
  const failed = named.flatMap(({ names, result }) =>
    typeof result === "string" ? [{ ...names, reason: `after the run: ${result}` }] : [],
  );
  const differences = named.flatMap(({ names, result }) =>
    typeof result === "string" ? [] : result.map((each) => ({ ...names, ...each })),
  );
  return { compared: lists.length - failed.length, differences, unread: [...unread, ...failed] };
}

async function differencesOf(world: World, before: OwnList): Promise<Difference[] | string> {
  const { run, planter } = world;
  const compared = (after: OwnList, again: OwnList) =>
    differencesBetween(before.rows, after.rows, again.rows, before.isWhole && after.isWhole, {
      isRow: (id) => planter.hasMade(before.resource, id),
      isIdOf: (value) => isTellingId(value) && planter.hasMade(before.resource, value),
    });
  const readings: OwnList[] = [];
  const look = async () => {
    const reading = await readList(world, before);
    if (typeof reading !== "string") readings.push(reading);
    return reading;
  };
  // What does not differ in one reading need not be read again.
  const isEnough = (reading: OwnList | string) =>
    typeof reading === "string" || compared(reading, reading).length === 0;
  const { signal } = run.wire.client.options;
  const last = await lookUntil(look, isEnough, { most: mostLooks, between, signal });
  if (typeof last === "string") return last;
  const found = compared(readings.at(-2) ?? last, last);
  const checked = await Promise.all(
    found.map(async (each, index) => index >= mostAsked || (await isSo(world, before, each))),
  );
  return found.filter((_, index) => checked[index]);
}

/** A list may be a cache's, or hold so many rows only: what can be asked for by its id is. */
async function isSo(
  { run: { wire }, planter }: World,
  { owner, resource, parameters }: OwnList,
  { what, id }: Difference,
): Promise<boolean> {
  const url = resource.read && planter.objectUrl(resource, parameters, id);
  if (url === undefined || what === "changed") return true;
  const answer = await wire.get(owner, url);
  const object = dispositionOf(answer) === "served" ? objectOf(answer.parsed.json) : undefined;
  const isThere = object !== undefined && idOf(object) === id;
  return what === "gone" ? !isThere : isThere || dispositionOf(answer) === "served";
}

/** As a report has it. The differences hold customers' ids: their number stands beside them. */
export function aftermathFacts({ compared, differences, unread }: Aftermath) {
  return {
    listsCompared: compared,
    listsNotCompared: unread,
    differing: differences.length,
    differences: differences.slice(0, mostListed),
  };
}
