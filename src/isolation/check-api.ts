import { resolve } from "node:path";
import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import { HttpFailure } from "../adapters/http/failure.js";
import type { CheckOutcome } from "../findings/check.js";
import { InconclusiveError, InterruptedError, UsageError } from "../findings/errors.js";
import { type Actor, type Binding, type Call, tenantPlaceholder, urlFor } from "./actor.js";
import { tryAggregates } from "./aggregate.js";
import { type ApiDocument, readDocument } from "./api/document.js";
import { filledPath, type Operation, operationsOf, parametersOf, routeOf } from "./api/operations.js";
import { bare, type Resource, resourcesOf } from "./api/resources.js";
import { Evidence } from "./evidence.js";
import { openScene, type Route } from "./open-scene.js";
import { onePage, type Pages } from "./pages.js";
import { Journal } from "./planting/journal.js";
import { isTenantParameter, type Planted, Planter } from "./planting/planter.js";
import { type Cell, mostSilent, type Probe, tryProbe } from "./probe.js";
import { actOn } from "./probes/act-on.js";
import { createIntoTenant } from "./probes/create-into-tenant.js";
import { remove } from "./probes/delete.js";
import { foreignKeyConnect } from "./probes/foreign-key-connect.js";
import { readRoute } from "./probes/read-route.js";
import { update } from "./probes/update.js";
import { readingProbes } from "./reading-probes.js";
import { type IsolationProgress, outcomeOf, type Run, requireTwo, stopped } from "./run.js";
import type { Ground, Scene } from "./scene.js";
import { Wire } from "./wire.js";

export interface ApiCheck {
  /** A path or a URL. */
  readonly openapi: string;
  /** Absolute; the document's first server where it is not given. */
  readonly baseUrl: string | undefined;
  readonly attacker: Actor;
  readonly victim: Actor;
  readonly binding: Binding;
  readonly http: HttpOptions;
  /** Whether nothing may be created or changed where the API is. */
  readonly isReadOnly: (baseUrl: string) => boolean;
  /** Fields that may name the tenant in a body. */
  readonly tenantFields: readonly string[];
  /** Paths whose answers are the same for every tenant, by design. */
  readonly shared: readonly string[];
  /** Where journals go; absolute. */
  readonly stateFolder: string;
  /** Name of this run: its journal's. */
  readonly run: string;
}

/** What deleting may take after an interruption, in milliseconds a request. */
const cleanupTimeout = 5000;

/**
 * Tries every route of an OpenAPI document as one tenant for the data of another: it creates objects as both,
 * with a canary in them, and deletes them in the end, whatever happened.
 *
 * @throws UsageError where the document can't be read or does not fit, or both tenants are one.
 */
export async function checkApi(
  options: ApiCheck,
  progress: IsolationProgress = () => {},
): Promise<CheckOutcome> {
  const { attacker, victim, binding } = options;
  requireTwo(attacker, victim);
  const start = performance.now();
  const client = new HttpClient(options.http);
  const wire = new Wire(client, binding);
  const run: Run = { cells: [], facts: {}, obstacle: undefined };
  let planter: Planter | undefined;
  let interruption: InterruptedError | undefined;
  try {
    const document = await readDocument(options.openapi, client);
    const baseUrl = baseOf(document, options.baseUrl);
    const isReadOnly = options.isReadOnly(baseUrl);
    const operations = operationsOf(document).filter(({ isOpen }) => !isOpen);
    const resources = resourcesOf(operations);
    const journal = new Journal(options.stateFolder, options.run);
    const { tenantFields } = options;
    const evidence = new Evidence([attacker, victim], binding);
    const hide = (text: string) => evidence.hide(text);
    planter = new Planter({ wire, document, resources, baseUrl, tenantFields, journal, hide });
    const world: World = { options, wire, document, baseUrl, operations, resources, planter, isReadOnly };
    await tryResources(world, run, progress);
    if (!isReadOnly) {
      progress({ title: "totals", done: resources.length, total: resources.length + 1 });
      run.cells.push(...(await tryTotals(world)));
    }
    const tried = new Set(run.cells.map(({ route }) => route));
    run.facts = { ...run.facts, untried: operations.map(routeOf).filter((route) => !tried.has(route)) };
  } catch (error) {
    if (error instanceof InterruptedError) interruption = error;
    else run.obstacle = stopped(error);
  } finally {
    if (planter) run.facts = { ...run.facts, ...(await cleanUp(planter, options)) };
    await client.close();
  }
  if (interruption) throw told(interruption, run.facts);
  return outcomeOf(run, wire, [attacker, victim], performance.now() - start, { requests: client.sent });
}

/** What an interruption undid, and what it left. */
function told({ hint }: InterruptedError, { created = 0, left }: Run["facts"]): InterruptedError {
  const still = Array.isArray(left) ? left.length : 0;
  if (created === 0) return new InterruptedError("interrupted: nothing had been created", hint);
  return new InterruptedError(
    still === 0
      ? `interrupted: the ${created} objects that had been created are deleted again`
      : `interrupted: of ${created} objects that had been created ${still} are still there`,
    still === 0 ? hint : "tenantctl isolation cleanup tries again",
  );
}

interface World {
  readonly options: ApiCheck;
  readonly wire: Wire;
  readonly document: ApiDocument;
  readonly baseUrl: string;
  readonly operations: readonly Operation[];
  readonly resources: readonly Resource[];
  readonly planter: Planter;
  readonly isReadOnly: boolean;
}

async function tryResources(world: World, run: Run, progress: IsolationProgress): Promise<void> {
  const { resources, wire, isReadOnly } = world;
  for (const [done, resource] of resources.entries()) {
    progress({ title: resource.collection, done, total: resources.length + 1 });
    const ground = isReadOnly
      ? undefined
      : await plantBoth(world, resource, (reason) => {
          run.cells.push(notCreated(resource, reason));
        });
    const scene = await sceneOf(world, resource, ground).catch((error: unknown) => {
      // One route that its own tenant can't read takes nothing from the others.
      if (error instanceof HttpFailure) {
        wire.silent += 1;
        if (wire.silent > mostSilent) throw error;
      } else if (!(error instanceof InconclusiveError)) throw error;
      run.cells.push(notRead(resource, error.message));
      return undefined;
    });
    if (!scene) continue;
    for (const probe of probesOf(world, resource, scene)) run.cells.push(await tryProbe(probe, scene, wire));
  }
  run.facts = { api: world.baseUrl, resources: resources.length };
}

async function plantBoth(
  { planter, options }: World,
  resource: Resource,
  refuse: (reason: string) => void,
): Promise<Ground | undefined> {
  if (!resource.create) return undefined;
  const mine = await planter.plant(options.attacker, resource);
  const theirs = await planter.plant(options.victim, resource);
  if ("refused" in mine || "refused" in theirs) {
    refuse("refused" in mine ? mine.refused : (theirs as { refused: string }).refused);
    return undefined;
  }
  return { mine, theirs, planter };
}

/** A list that its own tenant can't read leaves open what another's would. */
function notRead({ list }: Resource, reason: string): Cell {
  const cell = { rule: "isolation/list", label: "list", leaks: [], denials: [] } as const;
  return { ...cell, route: routeOf(list!), outcome: "inconclusive", reason };
}

/** A route that does not work for its own tenant leaves open what it does for another's. */
function notCreated({ create }: Resource, reason: string): Cell {
  const cell = { rule: "isolation/create-into-tenant", label: "create", leaks: [], denials: [] } as const;
  return { ...cell, route: routeOf(create!), outcome: "inconclusive", reason };
}

/** The list of a resource as both see it; undefined where it has none that both can ask for alike. */
async function sceneOf(
  world: World,
  resource: Resource,
  ground: Ground | undefined,
): Promise<Scene | undefined> {
  const { wire, baseUrl, options } = world;
  const { list, collection, item, read } = resource;
  const tenants = tenantParameters(collection, options.tenantFields);
  const path = filledPath(collection, tenants);
  if (!list || path === undefined) return undefined;
  const call: Call = { method: "GET", url: `${baseUrl}${path}${requiredQuery(list)}` };
  const route: Route = {
    name: routeOf(list),
    pages: pagesOf(list),
    item: (id) => ({ method: "GET", url: itemUrl(baseUrl, item ?? `${collection}/{id}`, id, tenants) }),
    itemRoute: read ? routeOf(read) : routeOf(list),
    ground,
  };
  return openScene(wire, call, options.attacker, options.victim, route);
}

function probesOf(
  { baseUrl, document, resources, operations, options }: World,
  resource: Resource,
  scene: Scene,
): Probe[] {
  const { read, updates: changes, remove: removal, create, item, collection } = resource;
  const isShared = options.shared.includes(collection);
  const byRule = new Set(read ? [] : ["isolation/read-by-id", "isolation/existence-oracle"]);
  const reading = readingProbes.filter(
    ({ rule }) => !byRule.has(rule) && !(isShared && rule === "isolation/list"),
  );
  if (!scene.ground) return reading;
  const acts = resource.actions.filter(({ method }) => method !== "GET" && method !== "DELETE");
  const below = operations.filter(
    ({ path }) => item !== undefined && bare(path).startsWith(`${bare(item)}/`),
  );
  return [
    ...reading,
    ...below
      .filter(
        ({ method, path }) => method === "GET" && parametersOf(path).length === parametersOf(item!).length,
      )
      .map((each) => readRoute(each, baseUrl)),
    ...(create ? [createIntoTenant(create, options.tenantFields), foreignKeyConnect(create, resources)] : []),
    ...changes.map(update),
    ...acts.map((each) =>
      actOn(
        each,
        acts.filter((other) => other !== each),
        document,
        options.tenantFields,
      ),
    ),
    ...(removal ? [remove(removal)] : []),
  ];
}

function tryTotals({ wire, planter, options, operations, resources }: World): Promise<Cell[]> {
  const plain = operations.filter(
    ({ method, path, query, produces }) =>
      method === "GET" &&
      filledPath(path, tenantParameters(path, options.tenantFields)) !== undefined &&
      query.every(({ isRequired }) => !isRequired) &&
      (produces.length === 0 || produces.some((type) => type.includes("json"))),
  );
  // What can't be deleted again is not created by the half dozen.
  const creatable = resources.filter(({ create, remove: removal }) => create && removal);
  const pathOf = ({ path }: Operation) => filledPath(path, tenantParameters(path, options.tenantFields))!;
  return tryAggregates(wire, planter, [options.attacker, options.victim], plain, pathOf, creatable);
}

/** Deletes everything, also after an interruption, on connections of its own. */
async function cleanUp(planter: Planter, { http, binding }: ApiCheck): Promise<Record<string, unknown>> {
  const created = planter.planted.length;
  const client = new HttpClient({
    ...http,
    timeout: Math.min(http.timeout, cleanupTimeout),
    signal: undefined,
  });
  try {
    const left = await planter.cleanUp(new Wire(client, binding));
    return { created, left: left.map(nameOf) };
  } finally {
    await client.close();
  }
}

function nameOf({ url, resource, id, owner }: Planted): string {
  return url === undefined ? `${resource.collection} ${id}` : new URL(urlFor(url, owner.tenantId)).pathname;
}

function baseOf(document: ApiDocument, given: string | undefined): string {
  const [server] = (document.root.servers as { url?: string }[] | undefined) ?? [];
  const base = given ?? server?.url;
  if (base && /^https?:\/\//.test(base) && URL.canParse(base)) return base.replace(/\/+$/, "");
  throw new UsageError(
    base ? `${base} is no base URL` : "no base URL is known: the document names no server",
    "name it: --base-url http://localhost:3000, or isolation.baseUrl in config",
  );
}

function itemUrl(baseUrl: string, path: string, id: string, tenants: Record<string, string>): string {
  const own = parametersOf(path).at(-1) ?? "id";
  return `${baseUrl}${filledPath(path, { ...tenants, [own]: id }) ?? path}`;
}

/** The parameters of a path that name the tenant: each caller fills in its own. */
function tenantParameters(path: string, tenantFields: readonly string[]): Record<string, string> {
  const names = parametersOf(path).filter((name) => isTenantParameter(name, tenantFields));
  return Object.fromEntries(names.map((name) => [name, tenantPlaceholder]));
}

/** Examples of the parameters that a list can't do without. */
function requiredQuery({ query }: Operation): string {
  const needed = query.filter(({ isRequired, example }) => isRequired && example !== undefined);
  const search = new URLSearchParams(
    needed.map(({ name, example }): [string, string] => [name, String(example)]),
  ).toString();
  return search === "" ? "" : `?${search}`;
}

function pagesOf({ query }: Operation): Pages {
  const named = (pattern: RegExp) => query.find(({ name }) => pattern.test(name));
  const size = named(/^(page_?size|per_?page|limit|take|size|count|\$top)$/i);
  const most = Number(size?.schema.maximum ?? 100);
  return {
    ...onePage,
    page: named(/^(page|page_?number)$/i)?.name,
    offset: named(/^(offset|skip|start|\$skip)$/i)?.name,
    cursor: named(/^(cursor|after|page_?token|starting_after)$/i)?.name,
    size: size && { name: size.name, most: Math.min(100, most) },
  };
}

/** The state folder of a project. */
export function stateFolderOf(base: string, named: string | undefined): string {
  return resolve(base, named ?? ".tenantctl");
}
