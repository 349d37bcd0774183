import { HttpClient } from "../adapters/http/client.js";
import type { CheckOutcome } from "../findings/check.js";
import { InterruptedError } from "../findings/errors.js";
import { urlFor } from "./actor.js";
import { aftermathFacts, compareOwnLists } from "./aftermath/compare.js";
import { type OwnLists, readOwnLists } from "./aftermath/own-lists.js";
import { tryAggregates } from "./aggregate.js";
import { type Correction, corrected } from "./api/corrections.js";
import { emptyDocument, readDocument } from "./api/document.js";
import { type Operation, operationsOf, routeOf } from "./api/operations.js";
import { type Resource, resourcesOf } from "./api/resources.js";
import { operationAt } from "./api/route-match.js";
import { baseUrlOf } from "./api/server.js";
import { requireKnownPaths } from "./api/unknown-paths.js";
import { hintsOf } from "./hints.js";
import { Journal } from "./planting/journal.js";
import type { Planted } from "./planting/planted.js";
import { Planter } from "./planting/planter.js";
import { homeOf } from "./planting/relatives.js";
import type { Cell } from "./probe.js";
import { type CheckOptions, type IsolationProgress, type Run, runCheck } from "./run.js";
import { tryResources } from "./try-resources.js";
import { tryRoutes } from "./try-routes.js";
import { Wire } from "./wire.js";
import type { World } from "./world.js";

export interface ApiCheck extends CheckOptions {
  /** A path or a URL; undefined where config names the routes. */
  readonly openapi: string | undefined;
  /** What config adds to the document, or corrects in it. */
  readonly resources?: readonly Correction[];
  /** Absolute; the document's first server where it is not given. */
  readonly baseUrl: string | undefined;
  /** Whether nothing may be created or changed where the API is. */
  readonly isReadOnly: (baseUrl: string) => boolean;
  /** Told before anything is created: paths of what the API can't delete again. */
  readonly sayLasting?: (collections: readonly string[]) => void;
  /** Fields that may name the tenant in a body. */
  readonly tenantFields: readonly string[];
  /** Paths whose answers are the same for every tenant, by design. */
  readonly shared: readonly string[];
  /** Units inside a tenant, where there are any. */
  readonly subScope?: SubScope | undefined;
  /** Where journals go; absolute. */
  readonly stateFolder: string;
  /** Name of this run: its journal's. */
  readonly run: string;
}

export interface SubScope {
  /** `X-Business-Unit-ID` */
  readonly header: string;
  /** Prisma models of the units: `BusinessUnit`. */
  readonly models: readonly string[];
  /** Ids by the tenant's name: that of the token's user first, then those of the tenant that it may not use. */
  readonly units?: Readonly<Record<string, readonly string[]>>;
}

/** What deleting may take after an interruption, in milliseconds a request. */
const cleanupTimeout = 5000;

/**
 * Tries every route of an OpenAPI document as one tenant for the data of another: it creates objects as both,
 * with a canary in them, and deletes them in the end, whatever happened.
 *
 * @throws UsageError where the document can't be read or does not fit, or both tenants are one.
 */
export function checkApi(options: ApiCheck, progress: IsolationProgress = () => {}): Promise<CheckOutcome> {
  return runCheck(options, async (run) => {
    const world = await openWorld(options, run);
    const { baseUrl: api, isReadOnly } = world;
    run.facts = { api, isReadOnly, resources: world.resources.length };
    let before: OwnLists | undefined;
    try {
      before = world.isReadOnly ? undefined : await readOwnLists(world);
      await tryEverything(world, progress);
      run.facts = { ...run.facts, ...hinted(world) };
    } catch (error) {
      await cleanUp(world);
      throw error instanceof InterruptedError ? told(error, run.facts) : error;
    }
    await cleanUp(world);
    if (before) run.facts = { ...run.facts, ...aftermathFacts(await compareOwnLists(world, before)) };
  });
}

/** Reads the document, and makes ready what the probes need. Nothing is sent to the API itself. */
async function openWorld(options: ApiCheck, run: Run): Promise<World> {
  const { wire, evidence } = run;
  const written =
    options.openapi === undefined ? emptyDocument() : await readDocument(options.openapi, wire.client);
  const { resources: corrections = [], shared } = options;
  if (options.openapi !== undefined) requireKnownPaths(written, corrections, shared);
  const document = corrected(written, corrections);
  const baseUrl = baseUrlOf(document, options.baseUrl);
  const operations = operationsOf(document).filter(({ isOpen }) => !isOpen);
  const resources = resourcesOf(operations);
  const nameless = run.nameOf;
  run.nameOf = (request) => {
    const operation = operationAt(request.method, new URL(request.url), baseUrl, operations);
    return operation ? routeOf(operation) : nameless(request);
  };
  const isReadOnly = options.isReadOnly(baseUrl);
  const lasting = isReadOnly ? [] : resources.filter((each) => isLasting(each, resources));
  if (lasting.length > 0) options.sayLasting?.(lasting.map(({ collection }) => collection));
  const planter = new Planter({
    ...{ wire, document, resources, baseUrl, tenantFields: options.tenantFields, isReadOnly },
    journal: new Journal(options.stateFolder, options.run),
    senderFor: (owner) => (owner === options.attacker && options.creator) || owner,
    hide: (text) => evidence.hide(text),
  });
  return { options, run, baseUrl, operations, resources, planter, isReadOnly };
}

/** What is created there stays: no route deletes it. */
function isLasting(resource: Resource, resources: readonly Resource[]): boolean {
  return resource.create !== undefined && homeOf(resource, resources).remove === undefined;
}

async function tryEverything(world: World, progress: IsolationProgress): Promise<void> {
  const { run, operations, resources, isReadOnly } = world;
  const grounds = await tryResources(world, progress);
  await tryRoutes(world, grounds, progress);
  if (!isReadOnly && !world.options.creator) {
    progress({ title: "totals", done: 2 * resources.length, total: 2 * resources.length + 1 });
    run.cells.push(...(await tryAggregates(world)));
    leaveOutFilters(run.cells);
  }
  const tried = new Set(run.cells.map(({ route }) => route));
  const untried = operations.filter((operation) => !tried.has(routeOf(operation)));
  const isLeftOut = ({ method }: Operation) => isReadOnly && method !== "GET";
  run.facts = {
    ...run.facts,
    untried: untried.filter((each) => !isLeftOut(each)).map(routeOf),
    leftOut: untried.filter(isLeftOut).map(routeOf),
  };
}

function hinted({ run: { controls, cells }, planter, baseUrl, options: { attacker, victim } }: World) {
  const { document } = planter.options;
  const hints = hintsOf({
    ...{ controls, cells, document, baseUrl },
    actors: [attacker, victim],
    now: new Date(),
  });
  return hints.length > 0 ? { hints } : {};
}

/** A list whose total counts another tenant's rows does so under every filter too: that is one fault. */
function leaveOutFilters(cells: Cell[]): void {
  const totals = cells.filter(({ rule, outcome }) => rule === "isolation/aggregate" && outcome === "leaked");
  const routes = new Set(totals.map(({ route }) => route));
  for (const [index, cell] of cells.entries()) {
    const isOracle = cell.leaks.every(({ rule }) => rule === undefined);
    if (cell.rule !== "isolation/filter-oracle" || !isOracle || !routes.has(cell.route)) continue;
    const reason = "its total counts the other tenant's rows whatever is asked for";
    cells[index] = { ...cell, outcome: "not applicable", reason, leaks: [] };
  }
}

/** What an interruption undid, and what it left. */
function told({ hint }: InterruptedError, { created = 0, left }: Run["facts"]): InterruptedError {
  const still = Array.isArray(left) ? left : [];
  if (created === 0) return new InterruptedError("interrupted: nothing had been created", hint);
  if (still.length === 0)
    return new InterruptedError(
      `interrupted: the ${created} objects that had been created are deleted again`,
      hint,
    );
  return new InterruptedError(
    `interrupted: of ${created} objects that had been created ${still.length} are still there: ${still.join(", ")}`,
    "tenantctl isolation cleanup tries again for those that the API can delete; the others are yours to delete",
  );
}

/** Deletes everything, also after an interruption, on connections of its own. */
async function cleanUp({ planter, run, options: { http, binding } }: World): Promise<void> {
  const created = planter.planted.length;
  const client = new HttpClient({
    ...http,
    timeout: Math.min(http.timeout, cleanupTimeout),
    signal: undefined,
  });
  try {
    const left = await planter.cleanUp(new Wire(client, binding));
    run.facts = { ...run.facts, created, left: left.map(nameOf) };
  } finally {
    await client.close();
  }
}

function nameOf({ url, resource, id, owner }: Planted): string {
  return url === undefined ? `${resource.collection} ${id}` : new URL(urlFor(url, owner.tenantId)).pathname;
}
