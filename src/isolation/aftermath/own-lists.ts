import { HttpFailure } from "../../adapters/http/failure.js";
import type { Actor } from "../actor.js";
import { answersJson, type Operation, parametersOf, routeOf } from "../api/operations.js";
import { pagesOf, requiredQuery } from "../api/paging.js";
import { bare, type Resource } from "../api/resources.js";
import { objectParameters, tenantParameters } from "../api/tenant-parameters.js";
import { dispositionOf } from "../exchange.js";
import type { Json } from "../json.js";
import { allPages } from "../pages.js";
import { resourceAt } from "../planting/relatives.js";
import { rowsOf } from "../rows.js";
import { Wire } from "../wire.js";
import type { World } from "../world.js";

/** A list as one tenant reads it. */
export interface OwnList {
  readonly owner: Actor;
  readonly resource: Resource;
  readonly operation: Operation;
  /** Absolute. */
  readonly url: string;
  /** Values for the parameters of its path. */
  readonly parameters: Readonly<Record<string, string>>;
  /** By their ids; a row without one can't be told from another. */
  readonly rows: ReadonlyMap<string, Json>;
  /** All of its pages were read. */
  readonly isWhole: boolean;
}

/** A list that was not read, and why. */
export interface UnreadList {
  readonly tenant: string;
  readonly route: string;
  readonly reason: string;
}

export interface OwnLists {
  readonly lists: readonly OwnList[];
  readonly unread: readonly UnreadList[];
}

/** Pages of one list, lists of one tenant, and objects below which a list is read: a large API costs no more. */
const mostPages = 10;
const mostLists = 60;
const mostParents = 2;

/** What each tenant's own lists hold, before anything is created: at most 60 lists of each, 10 pages of each list. */
export async function readOwnLists(world: World): Promise<OwnLists> {
  const { attacker, victim } = world.options;
  const lists: OwnList[] = [];
  const unread: UnreadList[] = [];
  for (const owner of [attacker, victim]) {
    if (owner.token === undefined) continue;
    const own: OwnList[] = [];
    for (const { resource, operation } of listsOf(world)) {
      const skip = (reason: string) =>
        void unread.push({ tenant: owner.name, route: routeOf(operation), reason });
      const places = placesOf(world, operation, own);
      if (typeof places === "string") skip(places);
      else if (own.length + places.length > mostLists) skip(`${mostLists} lists were read before it`);
      else
        for (const parameters of places) {
          const url = world.planter.urlOf(operation.path, parameters)!;
          const read = await readList(world, { owner, resource, operation, url, parameters });
          if (typeof read === "string") skip(read);
          else own.push(read);
        }
    }
    lists.push(...own);
  }
  return { lists, unread };
}

/** One list once more, or why it can't be read. Its failures are none of a probe's. */
export async function readList(
  { run: { wire } }: World,
  list: Omit<OwnList, "rows" | "isWhole">,
): Promise<OwnList | string> {
  const { owner, operation, url } = list;
  const call = { method: "GET", url: `${url}${requiredQuery(operation)}` };
  const quiet = new Wire(wire.client, wire.binding);
  try {
    const pages = await allPages(quiet, owner, call, pagesOf(operation), {}, mostPages);
    const last = pages.at(-1)!;
    if (dispositionOf(last) !== "served") return `it answers ${last.response.status} to its own tenant`;
    const rows = pages.flatMap(({ parsed }) => rowsOf(parsed.json) ?? []);
    const named = rows.flatMap(({ id, value }) => (id === undefined ? [] : [[id, value] as const]));
    return { ...list, rows: new Map(named), isWhole: pages.length < mostPages };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return error.message;
  }
}

/** Those of parents first: what stands below an object is read below those that were seen. */
function listsOf({ resources }: World) {
  return resources
    .flatMap((resource) =>
      resource.list && answersJson(resource.list) ? [{ resource, operation: resource.list }] : [],
    )
    .sort(
      (left, right) => parametersOf(left.operation.path).length - parametersOf(right.operation.path).length,
    );
}

/** Values for a list's path, once for each place at which it is read; in words where there is none. */
function placesOf(
  { options, resources }: World,
  { path }: Operation,
  known: readonly OwnList[],
): Record<string, string>[] | string {
  const own = tenantParameters(path, options.tenantFields);
  const [name, ...others] = objectParameters(path, options.tenantFields);
  if (name === undefined) return [own];
  if (others.length > 0) return "it stands below two other objects";
  const parent = resourceAt(
    bare(path.slice(0, path.indexOf(`{${name}}`) + name.length + 2)),
    name,
    resources,
  );
  const rows = known.filter(({ resource }) => resource === parent).flatMap((each) => [...each.rows.keys()]);
  return rows.slice(0, mostParents).map((id) => ({ ...own, [name]: id }));
}
