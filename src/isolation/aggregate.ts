import { HttpFailure } from "../adapters/http/failure.js";
import { pause } from "../adapters/pause.js";
import type { Actor } from "./actor.js";
import { answersJson, filledPath, type Operation, routeOf } from "./api/operations.js";
import type { Resource } from "./api/resources.js";
import { tenantParameters } from "./api/tenant-parameters.js";
import { dispositionOf, type Exchange } from "./exchange.js";
import { actAs } from "./planting/act.js";
import type { Planted } from "./planting/planted.js";
import type { Planter } from "./planting/planter.js";
import type { Cell } from "./probe.js";
import type { World } from "./world.js";

const rule = "isolation/aggregate";
const first = 2;
const second = 3;

/** Longer than the second that clocks and counters of uptime show, in milliseconds. */
const clockTick = 1100;

/**
 * Numbers that A reads must not move when rows are added to B: two of each resource, then three. What rises
 * both times by the same a row counts B's; what moves by itself, in a pause before, between and after, is left
 * out.
 */
export async function tryAggregates({
  planter,
  run: { wire },
  options,
  operations,
  resources,
}: World): Promise<Cell[]> {
  const { attacker, victim, tenantFields } = options;
  const routes = operations.filter(isPlainReading).flatMap((operation) => {
    const url = planter.urlOf(operation.path, tenantParameters(operation.path, tenantFields));
    return url === undefined ? [] : [{ name: routeOf(operation), url }];
  });
  const creatable = resources.filter(({ create }) => create);
  // A route that does not answer leaves its own cell open.
  const read = (url: string) =>
    wire.get(attacker, url).catch((error: unknown) => {
      if (error instanceof HttpFailure) return undefined;
      throw error;
    });
  const readAll = () => Promise.all(routes.map(({ url }) => read(url)));
  const readTwice = async () => {
    await planter.reader.settle();
    const once = await readAll();
    await pause(clockTick, wire.client.options.signal);
    return [once, await readAll()] as const;
  };
  const [before, steady] = await readTwice();
  const planted = await plantEach(planter, victim, creatable, first);
  const [after, stillAfter] = await readTwice();
  await plantEach(planter, victim, planted, second);
  const [later, stillLater] = await readTwice();
  return routes.map(({ name: route }, index): Cell => {
    const cell = { route, rule, label: "totals", leaks: [], denials: [] } as const;
    const answers = [before, steady, after, stillAfter, later, stillLater].map((each) => each[index]);
    const readings = answers.filter((each) => each !== undefined);
    if (readings.length < answers.length)
      return { ...cell, outcome: "inconclusive", reason: "it did not answer each time" };
    if (readings.some((each) => dispositionOf(each) !== "served" || each.parsed.json === undefined))
      return {
        ...cell,
        outcome: "not applicable",
        reason: `it answers ${readings[0]!.response.status} to its own tenant`,
      };
    if (planted.length === 0)
      return { ...cell, outcome: "not applicable", reason: "nothing could be created" };
    const moved = movedBy(readings);
    if (!moved) return { ...cell, outcome: "denied" };
    const message = `${moved.path} rose by ${moved.once} when ${victim.name} created ${first} objects, and by ${moved.again} with ${second} more`;
    const [attack, control] = [readings[5]!, readings[1]!];
    const seen = [{ value: moved.value, kind: "own", path: moved.path } as const];
    return {
      ...cell,
      outcome: "leaked",
      reason: message,
      leaks: [{ variant: "totals", message, attack, control, seen }],
    };
  });
}

/** A route whose JSON needs nothing but its path. */
function isPlainReading(operation: Operation): boolean {
  const { method, query } = operation;
  return method === "GET" && query.every(({ isRequired }) => !isRequired) && answersJson(operation);
}

/** Creates so many of each; returns the resources of which it could. */
async function plantEach(
  planter: Planter,
  owner: Actor,
  resources: readonly Resource[],
  number: number,
): Promise<Resource[]> {
  const made: Resource[] = [];
  for (const resource of resources) {
    for (let count = 0; count < number; count += 1) {
      const planted = await planter.plant(owner, resource);
      if ("refused" in planted) break;
      for (const action of actionsOn(planted)) await actAs(planter, owner, planted, action);
      if (count === 0) made.push(resource);
    }
  }
  return made;
}

/** What can be done to an object that changes it and leaves it there: issued, an invoice begins to count. */
function actionsOn({ home, parameters }: Planted): Operation[] {
  return home.actions.filter(
    ({ method, path }) =>
      method !== "GET" && method !== "DELETE" && filledPath(path, parameters) !== undefined,
  );
}

/** A number that stood still, then rose by as much a row in both steps. */
function movedBy(readings: readonly Exchange[]) {
  const numbers = readings.map(numbersOf);
  for (const [path, value] of numbers[0]!) {
    const [before, steady, after, stillAfter, later, stillLater] = numbers.map((each) => each.get(path));
    if (before !== steady || after !== stillAfter || later !== stillLater) continue;
    if (after === undefined || later === undefined) continue;
    const once = after - value;
    const again = later - after;
    const isProportional = Math.abs(once / first - again / second) < 1e-6 * Math.max(1, Math.abs(once));
    if (once > 0 && again > 0 && isProportional) return { path, once, again, value: String(later) };
  }
  return undefined;
}

function numbersOf({ parsed: { leaves } }: Exchange): Map<string, number> {
  return new Map(
    leaves.flatMap(({ path, value }) =>
      /^-?\d+(\.\d+)?$/.test(value) ? [[path, Number(value)] as const] : [],
    ),
  );
}
