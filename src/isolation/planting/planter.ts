import { type Actor, urlFor, type Variation } from "../actor.js";
import { type FilledBody, fillBody } from "../api/body.js";
import { fieldAt, valuesIn, withValues } from "../api/body-paths.js";
import type { ApiDocument } from "../api/document.js";
import { answersJson, filledPath, type Operation, parametersOf, routeOf } from "../api/operations.js";
import { pagesOf, requiredQuery } from "../api/paging.js";
import { isReference, type Resource, referredBy } from "../api/resources.js";
import { tenantParameters } from "../api/tenant-parameters.js";
import { newCanary, newCanaryWord } from "../canary.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { isTellingId } from "../ids.js";
import type { Json } from "../json.js";
import type { Mark } from "../marks.js";
import { allPages } from "../pages.js";
import { rowsOf } from "../rows.js";
import type { Wire } from "../wire.js";
import { createdId } from "./created-id.js";
import { deleteAndLook } from "./delete-and-look.js";
import type { Journal } from "./journal.js";
import type { Planted, Planting } from "./planted.js";
import { holdsAny, isNew, sentIn } from "./proof.js";
import { Reader } from "./reader.js";
import { Refusals } from "./refusals.js";
import { creatorOf, homeOf, resourceAt } from "./relatives.js";

export interface PlanterOptions {
  readonly wire: Wire;
  readonly document: ApiDocument;
  readonly resources: readonly Resource[];
  /** Absolute, without a slash at its end. */
  readonly baseUrl: string;
  readonly tenantFields: readonly string[];
  readonly journal: Journal;
  /** Nothing may be created: what is there has to do. */
  readonly isReadOnly: boolean;
  /** A text without the tokens that stand in it. */
  readonly hide: (text: string) => string;
}

/** How an object is created, where not in the usual way. */
export interface Manner {
  /** Values in its body in place of the usual ones, by their places. */
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly variation?: Variation;
  /** Values for the parameters of its collection's path: below whose object it is created. */
  readonly parents?: Readonly<Record<string, string>>;
  /** It may come to be where its creator does not see it: then the answer alone counts. */
  readonly mayBeElsewhere?: boolean;
  /** An attempt across tenants: its canary says nothing of whose data it is. */
  readonly isTrial?: boolean;
  /** How many objects need it already. */
  readonly depth?: number;
}

const deepest = 5;
/** Of correcting a body that is refused. */
const mostRounds = 3;

/** Creates objects as tenants, with what they need, and deletes them all in the end. */
export class Planter {
  readonly planted: Planted[] = [];
  /** Creations of which it is not known what they came to. */
  #open = 0;
  readonly #needed = new Map<string, Promise<string | undefined>>();
  /** Of creations whose objects were found again. */
  readonly #statuses = new Map<Resource, number>();
  readonly #words = new Map<string, string>();
  /** Ids that lists had before anything was created. */
  readonly #before = new Map<string, ReadonlySet<string>>();
  readonly #refusals = new Refusals();
  readonly reader: Reader;

  constructor(readonly options: PlanterOptions) {
    this.reader = new Reader(options.wire);
  }

  /** What was created for an owner, of one resource or of all, and is not known to be deleted. */
  plantedBy({ name }: Actor, resource?: Resource): Planted[] {
    return this.planted.filter(
      (planted) => planted.owner.name === name && (resource === undefined || planted.resource === resource),
    );
  }

  /** By what a tenant's data is known whatever shows it: its canaries, and ids that nobody else has by chance. */
  marksOf(owner: Actor): Mark[] {
    const ids = this.plantedBy(owner)
      .filter(({ id }) => isTellingId(id))
      .map(({ id }): Mark => ({ value: id, kind: "id" }));
    return [{ value: this.wordOf(owner), kind: "planted" }, ...ids];
  }

  /** What the canaries of a tenant begin with in this run. */
  wordOf({ name }: Actor): string {
    const known = this.#words.get(name) ?? newCanaryWord();
    this.#words.set(name, known);
    return known;
  }

  /** Creates an object of a resource, with everything that it refers to. */
  async plant(owner: Actor, resource: Resource, how: Manner = {}): Promise<Planting> {
    const { wire, journal } = this.options;
    const { depth = 0 } = how;
    if (!resource.create) return { refused: `there is no POST ${resource.collection}` };
    const parents = how.parents ?? (await this.parametersFor(owner, resource.collection, {}, depth));
    if (!parents)
      return { refused: `${resource.collection} stands below an object that could not be created` };
    const url = this.urlOf(resource.collection, parents)!;
    const note = { tenant: owner.name, tenantId: owner.tenantId };
    const noted = urlFor(url, owner.tenantId);
    const canary = newCanary(how.isTrial ? undefined : this.wordOf(owner));
    const before = await this.#idsBefore(owner, resource, parents);
    const send = async () => {
      const filled = await this.bodyFor(owner, resource.create!, canary, resource, depth);
      const body = withValues(filled?.body ?? {}, how.changes ?? {});
      journal.write({ ...note, event: "creating", url: noted });
      this.#open += 1;
      const exchange = await wire.ask(owner, { method: "POST", url, body }, how.variation);
      if (dispositionOf(exchange) === "served") return { filled, body, exchange };
      journal.write({ ...note, event: "refused", url: noted });
      if (dispositionOf(exchange) === "denied") this.#open -= 1;
      return { filled, body, exchange };
    };
    let { filled, body, exchange } = await send();
    const rounds = how.isTrial ? 0 : mostRounds;
    for (
      let round = 0;
      round < rounds && this.#refusals.learnFrom(exchange, resource.create, body);
      round += 1
    ) {
      ({ filled, body, exchange } = await send());
    }
    // What it refers to may be used up, such as an invoice that is paid.
    if (!how.isTrial && exchange.response.status === 409 && this.renew(owner, body)) {
      ({ filled, body, exchange } = await send());
    }
    if (dispositionOf(exchange) !== "served") {
      const said = this.options.hide(exchange.response.body).slice(0, 200).replace(/\s+/g, " ");
      return {
        refused: `${routeOf(resource.create)} answers ${exchange.response.status} to its own tenant: ${said}`,
        exchange,
      };
    }
    const sent = sentIn(body, canary, how.changes);
    const created = createdId(exchange, sent);
    if (created === undefined)
      return { refused: `${routeOf(resource.create)} does not say the id of what it created`, exchange };
    const { id } = created;
    if (before.has(id) || this.plantedBy(owner, resource).some((each) => each.id === id))
      return {
        refused: `${routeOf(resource.create)} answers with an object that was there before`,
        exchange,
      };
    const relative = homeOf(resource, this.options.resources);
    // Without a reading nobody can tell if an id means the same there.
    const home = relative === resource || relative.read ? relative : resource;
    const own = home.item && parametersOf(home.item).at(-1);
    const parameters = own ? { ...parents, [own]: id } : parents;
    const planted: Planted = {
      ...{ resource, home, owner, id, canary, marked: filled?.marked ?? [], parameters, body, exchange },
      url: home.item === undefined ? undefined : this.urlOf(home.item, parameters),
    };
    const isOurs = how.mayBeElsewhere
      ? created.isCertain &&
        (holdsAny(exchange, sent) || isNew(exchange) || this.#isUsual(resource, exchange))
      : await this.#isOurs(planted, sent);
    if (!isOurs)
      return {
        refused: `${routeOf(resource.create)}: what it answers does not lead to what was sent`,
        exchange,
      };
    this.#open -= 1;
    if (!how.mayBeElsewhere) this.#statuses.set(resource, exchange.response.status);
    journal.write({
      ...note,
      event: "created",
      url: planted.url === undefined ? `${noted}#${id}` : urlFor(planted.url, owner.tenantId),
      ...(home.remove && planted.url ? {} : { isForGood: true }),
    });
    this.planted.push(planted);
    return planted;
  }

  /** What a list has before anything is created: an answer that names one of these created nothing. */
  async #idsBefore(
    owner: Actor,
    resource: Resource,
    parents: Readonly<Record<string, string>>,
  ): Promise<ReadonlySet<string>> {
    const url = this.urlOf(resource.collection, parents);
    const key = `${owner.name} ${url}`;
    const known = this.#before.get(key);
    if (known || !resource.list || url === undefined || !answersJson(resource.list))
      return known ?? new Set();
    const call = { method: "GET", url: `${url}${requiredQuery(resource.list)}` };
    const pages = await allPages(this.options.wire, owner, call, pagesOf(resource.list));
    const ids = new Set(
      pages.flatMap(({ parsed }) => (rowsOf(parsed.json) ?? []).flatMap(({ id }) => id ?? [])),
    );
    this.#before.set(key, ids);
    return ids;
  }

  /** From now on other objects are made for what a body of the owner's points at; says if it points at any. */
  renew(owner: Actor, body: Json): boolean {
    const targets = valuesIn(body).flatMap(
      ([path]) => referredBy(fieldAt(path), this.options.resources) ?? [],
    );
    for (const { collection } of targets) this.#needed.delete(`${owner.name} ${collection}`);
    return targets.length > 0;
  }

  /** Answered as the creations were whose objects were found again. */
  #isUsual(resource: Resource, { response }: Exchange): boolean {
    return this.#statuses.get(resource) === response.status;
  }

  /** What can't be found again under its id, with what was sent in it, is not ours to change or delete. */
  async #isOurs(planted: Planted, sent: readonly string[]): Promise<boolean> {
    const { home, exchange } = planted;
    if (sent.length === 0) return isNew(exchange);
    const shown = home.read ? await this.reader.readBack(planted) : exchange;
    return holdsAny(shown, sent) || (!home.read && isNew(exchange));
  }

  /** Deletes one object before the end: what it points at would show up elsewhere. */
  async discard(planted: Planted): Promise<void> {
    if (!(await isDeleted(this.options.wire, planted))) return;
    const at = this.planted.indexOf(planted);
    if (at >= 0) this.planted.splice(at, 1);
    this.options.journal.write({ ...noteOf(planted), event: "deleted" });
  }

  /** It came to be in another's tenant: that one has to delete it. */
  belongsTo(planted: Planted, owner: Actor): void {
    const at = this.planted.indexOf(planted);
    if (at >= 0) this.planted[at] = { ...planted, owner };
  }

  /**
   * A change of an object, with a canary of nobody's in its texts: of one field, or of the whole body as the
   * operation describes it, pointing at what is the caller's own.
   */
  async changeOf(
    { body, marked }: Planted,
    operation: Operation,
    caller: Actor,
    isWhole: boolean,
  ): Promise<{ readonly canary: string; readonly body: Json }> {
    const canary = newCanary();
    const one = { [marked[0]!]: canary };
    if (!isWhole) return { canary, body: withValues({}, one) };
    const filled = await this.bodyFor(caller, operation, canary);
    return { canary, body: filled?.marked.length ? filled.body : withValues(body, one) };
  }

  /**
   * Values for a path's parameters: ids of the owner's own objects along it.
   *
   * @param known values that are given
   * @returns undefined where there is no object for one of them
   */
  async parametersFor(
    owner: Actor,
    path: string,
    known: Readonly<Record<string, string>> = {},
    depth = 0,
  ): Promise<Record<string, string> | undefined> {
    const values = { ...tenantParameters(path, this.options.tenantFields), ...known };
    const parts = path.split("/");
    for (const [index, part] of parts.entries()) {
      const name = part.slice(1, -1);
      if (!/^\{.+\}$/.test(part) || name in values) continue;
      const parent = resourceAt(parts.slice(0, index + 1).join("/"), name, this.options.resources);
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

  /** The object of the owner's that others refer to, where one was created; else it is created now. */
  async first(owner: Actor, resource: Resource): Promise<Planting> {
    const id = await this.#needed.get(`${owner.name} ${resource.collection}`);
    const known = this.plantedBy(owner, resource).find((planted) => planted.id === id);
    const planted = known ?? (await this.plant(owner, resource));
    if ("id" in planted)
      this.#needed.set(`${owner.name} ${resource.collection}`, Promise.resolve(planted.id));
    return planted;
  }

  async #make(owner: Actor, resource: Resource, depth: number): Promise<string | undefined> {
    if (!this.options.isReadOnly) {
      const planted = await this.plant(owner, creatorOf(resource, this.options.resources), {
        depth: depth + 1,
      });
      if ("id" in planted) return planted.id;
    }
    const parents = resource.list && (await this.parametersFor(owner, resource.collection, {}, depth));
    if (!parents) return undefined;
    const url = this.urlOf(resource.collection, parents)!;
    const exchange = await this.options.wire.get(owner, url);
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
    const kept = this.#refusals.keptOf(operation);
    const filling = { canary, tenantFields, tenantId: owner.tenantId, kept };
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

  /** Where an object of a resource is, below such parents; undefined where the API has no path for one. */
  objectUrl({ item }: Resource, parents: Readonly<Record<string, string>>, id: string): string | undefined {
    return item && this.urlOf(item, { ...parents, [parametersOf(item).at(-1)!]: id });
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
        const isGone = await isDeleted(wire, planted).catch(() => false);
        if (!isGone) still.push(planted);
        else this.options.journal.write({ ...noteOf(planted), event: "deleted" });
      }
      left = still;
    }
    left = await this.#notGone(wire, left);
    for (const planted of left) this.options.journal.write({ ...noteOf(planted), event: "left" });
    if (this.#open === 0 && left.length === 0) this.options.journal.discard();
    return left;
  }

  async #notGone(wire: Wire, left: readonly Planted[]): Promise<Planted[]> {
    const still: Planted[] = [];
    for (const planted of left) {
      const isWithParent = !planted.home.remove && (await isGone(wire, planted).catch(() => false));
      if (!isWithParent) still.push(planted);
      else this.options.journal.write({ ...noteOf(planted), event: "deleted" });
    }
    return still;
  }
}

/** What no route deletes may have gone with what it stood below. */
async function isGone(wire: Wire, { home, owner, url }: Planted): Promise<boolean> {
  if (!home.read || url === undefined) return false;
  return [404, 410].includes((await wire.get(owner, url)).response.status);
}

function noteOf({ owner, url, resource, id }: Planted) {
  const at = url === undefined ? `${resource.collection}#${id}` : urlFor(url, owner.tenantId);
  return { tenant: owner.name, tenantId: owner.tenantId, url: at };
}

async function isDeleted(wire: Wire, { home, owner, url }: Planted): Promise<boolean> {
  return home.remove !== undefined && url !== undefined && deleteAndLook(wire, owner, url);
}
