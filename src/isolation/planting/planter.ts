import { setTimeout as sleep } from "node:timers/promises";
import { headerOf } from "../../adapters/http/message.js";
import { type Actor, urlFor, type Variation } from "../actor.js";
import { type FilledBody, fillBody } from "../api/body.js";
import type { ApiDocument } from "../api/document.js";
import { filledPath, type Operation, parametersOf, routeOf } from "../api/operations.js";
import { bare, isReference, type Resource, referredBy } from "../api/resources.js";
import { tenantParameters } from "../api/tenant-parameters.js";
import { newCanary } from "../canary.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import type { Json } from "../json.js";
import { idOf, objectOf, objectWith, rowsOf } from "../rows.js";
import { isMarkedDeleted } from "../soft-delete.js";
import type { Wire } from "../wire.js";
import type { Journal } from "./journal.js";

/** An object that was created through the API. */
export interface Planted {
  readonly resource: Resource;
  readonly owner: Actor;
  readonly id: string;
  readonly canary: string;
  /** Fields that hold the canary; none where its body has no free text. */
  readonly marked: readonly string[];
  /** Values for the parameters of its path. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Absolute; undefined where the API has no path for one object. */
  readonly url: string | undefined;
  readonly body: Json;
  /** How it was created. */
  readonly exchange: Exchange;
}

export type Planting = Planted | { readonly refused: string; readonly exchange?: Exchange };

export interface PlanterOptions {
  readonly wire: Wire;
  readonly document: ApiDocument;
  readonly resources: readonly Resource[];
  /** Absolute, without a slash at its end. */
  readonly baseUrl: string;
  readonly tenantFields: readonly string[];
  readonly journal: Journal;
  /** A text without the tokens that stand in it. */
  readonly hide: (text: string) => string;
}

const deepest = 5;
/** An API that shows what it created a little later is waited for, so many times 100 ms. */
const patience = 20;

/** Creates objects as tenants, with what they need, and deletes them all in the end. */
export class Planter {
  readonly planted: Planted[] = [];
  /** Creations of which it is not known what they came to. */
  #open = 0;
  readonly #needed = new Map<string, Promise<string | undefined>>();

  constructor(readonly options: PlanterOptions) {}

  /**
   * Creates an object of a resource, with everything that it refers to.
   *
   * @param changes fields of its body in place of the usual ones
   * @param mayBeElsewhere it may come to be where its creator does not see it: then the answer alone counts
   * @param depth how many objects need it already
   */
  async plant(
    owner: Actor,
    resource: Resource,
    changes: Json = {},
    depth = 0,
    variation: Variation = {},
    mayBeElsewhere = false,
  ): Promise<Planting> {
    const { wire, journal } = this.options;
    if (!resource.create) return { refused: `there is no POST ${resource.collection}` };
    const parents = await this.parametersFor(owner, resource.collection, depth);
    if (!parents)
      return { refused: `${resource.collection} stands below an object that could not be created` };
    const canary = newCanary();
    const filled = await this.bodyFor(owner, resource.create, canary, resource, depth);
    const body = { ...filled?.body, ...changes };
    const url = this.urlOf(resource.collection, parents)!;
    const note = { tenant: owner.name, tenantId: owner.tenantId };
    const noted = urlFor(url, owner.tenantId);
    journal.write({ ...note, event: "creating", url: noted });
    this.#open += 1;
    const exchange = await wire.ask(owner, { method: "POST", url, body }, variation);
    if (dispositionOf(exchange) !== "served") {
      journal.write({ ...note, event: "refused", url: noted });
      if (dispositionOf(exchange) === "denied") this.#open -= 1;
      const said = this.options.hide(exchange.response.body).slice(0, 200).replace(/\s+/g, " ");
      return {
        refused: `${routeOf(resource.create)} answers ${exchange.response.status} to its own tenant: ${said}`,
        exchange,
      };
    }
    const id = createdId(exchange, canary);
    if (id === undefined)
      return { refused: `${routeOf(resource.create)} does not say the id of what it created`, exchange };
    const own = resource.item && parametersOf(resource.item).at(-1);
    const parameters = own ? { ...parents, [own]: id } : parents;
    const planted: Planted = {
      ...{ resource, owner, id, canary, marked: filled?.marked ?? [], parameters, body, exchange },
      url: resource.item === undefined ? undefined : this.urlOf(resource.item, parameters),
    };
    // What can't be found again under its id, with what was sent in it, is not ours to change or delete.
    const shown = resource.read && !mayBeElsewhere ? await this.readBack(planted) : exchange;
    const isOurs = planted.marked.length
      ? holdsCanary(shown, canary) || ((!resource.read || mayBeElsewhere) && exchange.response.status === 201)
      : exchange.response.status === 201;
    if (!isOurs)
      return {
        refused: `${routeOf(resource.create)}: what it answers does not lead to what was sent`,
        exchange,
      };
    this.#open -= 1;
    journal.write({
      ...note,
      event: "created",
      url: planted.url === undefined ? `${noted}#${id}` : urlFor(planted.url, owner.tenantId),
      ...(resource.remove && planted.url ? {} : { isForGood: true }),
    });
    this.planted.push(planted);
    return planted;
  }

  /** It came to be in another's tenant: that one has to delete it. */
  belongsTo(planted: Planted, owner: Actor): void {
    const at = this.planted.indexOf(planted);
    if (at >= 0) this.planted[at] = { ...planted, owner };
  }

  /** The owner's own reading of an object, once the API shows it. */
  async readBack({ owner, url }: Planted): Promise<Exchange | undefined> {
    if (url === undefined) return undefined;
    for (let time = 0; ; time += 1) {
      const exchange = await this.options.wire.ask(owner, { method: "GET", url });
      if (![404, 202].includes(exchange.response.status) || time >= patience) return exchange;
      await sleep(100);
    }
  }

  /** Values for a path's parameters: ids of the owner's own objects along it. */
  async parametersFor(owner: Actor, path: string, depth = 0): Promise<Record<string, string> | undefined> {
    const values = tenantParameters(path, this.options.tenantFields);
    const parts = path.split("/");
    for (const [index, part] of parts.entries()) {
      const name = part.slice(1, -1);
      if (!/^\{.+\}$/.test(part) || name in values) continue;
      const item = parts.slice(0, index + 1).join("/");
      const parent = this.options.resources.find(
        (resource) => resource.item !== undefined && bare(resource.item) === item,
      );
      const id = parent && (await this.need(owner, parent, depth + 1));
      if (id === undefined) return undefined;
      values[name] = id;
    }
    return values;
  }

  /** An object of the owner's that others may refer to: made once, else the first that is there. */
  need(owner: Actor, resource: Resource, depth = 0): Promise<string | undefined> {
    const key = `${owner.name} ${resource.collection}`;
    const known = this.#needed.get(key);
    if (known) return known;
    const made = depth > deepest ? Promise.resolve(undefined) : this.#make(owner, resource, depth);
    this.#needed.set(key, made);
    return made;
  }

  async #make(owner: Actor, resource: Resource, depth: number): Promise<string | undefined> {
    const planted = await this.plant(owner, resource, {}, depth + 1);
    if ("id" in planted) return planted.id;
    const parents = resource.list && (await this.parametersFor(owner, resource.collection, depth));
    if (!parents) return undefined;
    const url = this.urlOf(resource.collection, parents)!;
    const exchange = await this.options.wire.ask(owner, { method: "GET", url });
    return rowsOf(exchange.parsed.json)?.find(({ id }) => id !== undefined)?.id;
  }

  /**
   * A body for an operation, with a canary in its texts and the owner's own objects where it points at any.
   *
   * @param except a resource that it does not have to point at: itself, which is not there yet
   */
  async bodyFor(
    owner: Actor,
    operation: Operation,
    canary: string,
    except?: Resource,
    depth = 0,
  ): Promise<FilledBody | undefined> {
    const { document, resources, tenantFields } = this.options;
    const filling = { canary, tenantFields, tenantId: owner.tenantId };
    const fields = new Set<string>();
    fillBody(document, operation, { ...filling, reference: (field) => void fields.add(field) });
    const ids = new Map<string, string>();
    for (const field of fields) {
      const target = referredBy(field, resources);
      if (!target || target === except) continue;
      const id = await this.need(owner, target, depth + 1);
      if (id !== undefined) ids.set(field, id);
    }
    const reference = (field: string) => ids.get(field) ?? (isReference(field) ? null : undefined);
    return fillBody(document, operation, { ...filling, reference });
  }

  /** Where a path is, with its parameters filled in; undefined where one is missing. */
  urlOf(path: string, parameters: Readonly<Record<string, string>>): string | undefined {
    const filled = filledPath(path, parameters);
    return filled === undefined ? undefined : `${this.options.baseUrl}${filled}`;
  }

  /**
   * Deletes what was created, the last first, as its owner.
   *
   * @param wire one that an interruption does not end
   * @returns what is still there
   */
  async cleanUp(wire: Wire): Promise<Planted[]> {
    let left = this.planted.splice(0).reverse();
    // What another object still refers to goes in a later round.
    for (let before = left.length + 1; left.length > 0 && left.length < before; ) {
      before = left.length;
      const still: Planted[] = [];
      for (const planted of left) {
        const isGone = await deleteOne(wire, planted).catch(() => false);
        if (!isGone) still.push(planted);
        else this.options.journal.write({ ...noteOf(planted), event: "deleted" });
      }
      left = still;
    }
    for (const planted of left) this.options.journal.write({ ...noteOf(planted), event: "left" });
    if (this.#open === 0 && left.every(({ resource, url }) => !resource.remove || url === undefined))
      this.options.journal.discard();
    return left;
  }
}

function noteOf({ owner, url, resource, id }: Planted) {
  const at = url === undefined ? `${resource.collection}#${id}` : urlFor(url, owner.tenantId);
  return { tenant: owner.name, tenantId: owner.tenantId, url: at };
}

/** Deleted, and read afterwards: an answer alone proves nothing. */
async function deleteOne(wire: Wire, { resource, owner, url }: Planted): Promise<boolean> {
  if (!resource.remove || url === undefined) return false;
  const exchange = await wire.ask(owner, { method: "DELETE", url });
  const isAccepted = dispositionOf(exchange) === "served" || [404, 410].includes(exchange.response.status);
  if (!isAccepted || !resource.read) return isAccepted;
  const after = await wire.ask(owner, { method: "GET", url });
  return dispositionOf(after) !== "served" || isMarkedDeleted(after);
}

/** Whatever case the application gave it. */
export function holdsCanary(exchange: Exchange | undefined, canary: string): boolean {
  return exchange?.response.body.toLowerCase().includes(canary.toLowerCase()) === true;
}

/** In the object of the answer that holds what was sent, in an envelope, or at the end of `Location`. */
function createdId({ parsed: { json }, response }: Exchange, canary: string): string | undefined {
  const found = objectWith(json, canary) ?? objectOf(json);
  const id = found && idOf(found);
  if (id !== undefined) return id;
  const location = headerOf(response, "location").replace(/\/$/, "");
  const last = location.split("/").at(-1)!;
  try {
    return location === "" ? undefined : decodeURIComponent(last);
  } catch {
    return last;
  }
}
