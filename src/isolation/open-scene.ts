import { InconclusiveError } from "../findings/errors.js";
import { type Actor, type Call, tenantPlaceholder, type Variation } from "./actor.js";
import { dispositionOf, type Exchange } from "./exchange.js";
import type { Leaf } from "./leaves.js";
import { type Mark, ownMarks as marksOf, sightings } from "./marks.js";
import { allPages, onePage, type Pages } from "./pages.js";
import type { Planter } from "./planting/planter.js";
import { rowsOf } from "./rows.js";
import { fresh, type Ground, itemBelow, type Scene } from "./scene.js";
import type { Wire } from "./wire.js";

const usualCrowd = 400;

/** A tenant is not served what is its own. */
export class RefusedControl extends InconclusiveError {
  constructor(
    who: string,
    route: string,
    /** Of the answer. */
    readonly status: number,
    hint: string,
  ) {
    super(`${who} can't read its own data: ${route} answers ${status}`, hint);
    this.reason = `${who} can't read its own data: it answers ${status}`;
  }
  /** The message beside its route. */
  readonly reason: string;
}

/** What is known of a route beside its URL. */
export interface Route {
  readonly name: string;
  readonly isList: boolean;
  readonly pages: Pages;
  readonly item: (id: string) => Call;
  readonly itemRoute: string;
  readonly ground?: Ground | undefined;
  /** What creates objects in this run, if anything does. */
  readonly planter?: Planter;
  readonly tenantFields?: readonly string[];
  readonly crowd?: number;
  /** Its rows are the same for every tenant, by design. */
  readonly isShared?: boolean;
  /** The attacker is a user of a role. */
  readonly isRole?: boolean;
}

/** A route of which only the URL is known: its objects are taken to stand below it. */
export function plainRoute(call: Call): Route {
  const name = `${call.method} ${pathOf(call)}`;
  return { name, isList: true, pages: onePage, item: (id) => itemBelow(call, id), itemRoute: name };
}

function pathOf({ url }: Call): string {
  return decodeURI(new URL(url.replaceAll(tenantPlaceholder, "tenant-placeholder")).pathname).replaceAll(
    "tenant-placeholder",
    tenantPlaceholder,
  );
}

/**
 * Reads a route as both tenants, twice each, and works out by what the data of either is told. These are the
 * controls too: where a tenant can't read what is its own, no refusal proves anything.
 *
 * @throws InconclusiveError where a control fails; HttpFailure where no answer came.
 */
export async function openScene(
  wire: Wire,
  call: Call,
  attacker: Actor,
  victim: Actor,
  route: Route = plainRoute(call),
): Promise<Scene> {
  await control(wire, attacker, call);
  const busted = await wire.ask(attacker, call, fresh({ takesParameters: true }));
  const takesParameters = dispositionOf(busted) === "served";
  const read = (actor: Actor) => control(wire, actor, call, fresh({ takesParameters }));
  const own = await read(attacker);
  const ownAgain = await read(attacker);
  const theirs = victim.token ? await read(victim) : undefined;
  const theirsAgain = victim.token ? await read(victim) : undefined;
  const { ground } = route;
  // What stands on a later page of one's own is no mark of the other's.
  const [ownPages, theirPages] = await Promise.all(
    [attacker, victim].map((actor) => laterLeaves(wire, actor, call, route, takesParameters)),
  );
  const marks = [
    ...(route.planter?.marksOf(victim) ?? []),
    ...tenantMark(victim),
    ...marksBetween(theirs, theirsAgain, own, ownPages!),
  ];
  const ownMarks = [
    ...(route.planter?.marksOf(attacker) ?? []),
    ...tenantMark(attacker),
    ...marksBetween(own, ownAgain, theirs, theirPages!),
  ];
  const leaking = sightings(own, marks);
  const leakingBack = theirs ? sightings(theirs, ownMarks) : [];
  return {
    route: route.name,
    attacker,
    victim,
    list: call,
    isList: route.isList,
    isShared: route.isShared === true,
    isRole: route.isRole === true,
    isPlanted: route.planter !== undefined && !route.planter.options.isReadOnly,
    tenantFields: route.tenantFields ?? [],
    crowd: route.crowd ?? usualCrowd,
    pages: route.pages,
    item: route.item,
    itemRoute: route.itemRoute,
    ground,
    own,
    theirs,
    takesParameters,
    leaking,
    leakingBack,
    marks: without(marks, leaking),
    ownMarks: without(ownMarks, leakingBack),
    foreignIds: [...(ground ? [ground.theirs.id] : []), ...idsOf(theirs, own)],
  };
}

/** The tenant's id where it can't stand in an answer by chance. */
function tenantMark({ tenantId }: Actor): Mark[] {
  return tenantId.length >= 6 && !/^\d+$/.test(tenantId) ? [{ value: tenantId, kind: "tenant" }] : [];
}

/** What leaks anyway proves nothing of another class. */
function without(marks: readonly Mark[], leaking: readonly Mark[]): Mark[] {
  return marks.filter(({ value }) => !leaking.some((each) => each.value === value));
}

async function laterLeaves(
  wire: Wire,
  actor: Actor,
  call: Call,
  { pages }: Route,
  takesParameters: boolean,
): Promise<Leaf[]> {
  if (!actor.token || pages === onePage) return [];
  const exchanges = await allPages(wire, actor, call, pages, fresh({ takesParameters }));
  return exchanges.flatMap(({ parsed }) => parsed.leaves);
}

function marksBetween(
  first: Exchange | undefined,
  second: Exchange | undefined,
  others: Exchange | undefined,
  more: readonly Leaf[],
): Mark[] {
  const leaves = (exchange: Exchange | undefined): readonly Leaf[] => exchange?.parsed.leaves ?? [];
  return marksOf(leaves(first), leaves(second), [...leaves(others), ...more]);
}

function idsOf(exchange: Exchange | undefined, other: Exchange | undefined): string[] {
  const known = new Set((rowsOf(other?.parsed.json) ?? []).map(({ id }) => id));
  return (rowsOf(exchange?.parsed.json) ?? []).flatMap(({ id }) =>
    id === undefined || known.has(id) ? [] : [id],
  );
}

async function control(wire: Wire, actor: Actor, call: Call, variation?: Variation): Promise<Exchange> {
  const exchange = await wire.ask(actor, call, variation);
  const { status } = exchange.response;
  const name = `tenant ${actor.name}`;
  const variable = `TOKEN_${actor.name.toUpperCase()}`;
  const disposition = dispositionOf(exchange);
  if (disposition === "served") {
    if (exchange.response.isTruncated)
      throw new InconclusiveError(
        `the answer to ${name} runs over the limit of a body`,
        "name a smaller page in the URL, such as ?limit=50, or raise --body-limit",
      );
    if (exchange.parsed.json === undefined)
      throw new InconclusiveError(
        `the answer to ${name} is no JSON${exchange.response.body.trim() === "" ? ": it is empty" : ""}`,
        "name a URL of the API that lists what a tenant has",
      );
    return exchange;
  }
  const hints: Record<string, string> = {
    denied:
      status === 401 || status === 403
        ? `the token may have expired, or be another tenant's: get a new one and export ${variable}`
        : "name a URL of the API that lists what a tenant has",
    failed: "look into the application's log",
    limited: "ask slower: --rate 5",
    redirected: "name the URL that the redirect leads to",
  };
  throw new RefusedControl(name, `${call.method} ${pathOf(call)}`, status, hints[disposition]!);
}
