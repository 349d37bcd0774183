import { type Actor, urlFor, type Variation } from "../actor.js";
import { withValues } from "../api/body-paths.js";
import type { ApiDocument } from "../api/document.js";
import { answersJson, filledPath, parametersOf, routeOf } from "../api/operations.js";
import { pagesOf, requiredQuery } from "../api/paging.js";
import type { Resource } from "../api/resources.js";
import { newCanary, newCanaryWord } from "../canary.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { isTellingId, mayCountPerTenant } from "../ids.js";
import type { Mark } from "../marks.js";
import type { Wire } from "../wire.js";
import { Bodies } from "./bodies.js";
import { createdId } from "./created-id.js";
import { deleteAndLook } from "./delete-and-look.js";
import { IdsBefore } from "./ids-before.js";
import type { Journal } from "./journal.js";
import { Needs } from "./needs.js";
import type { Planted, Planting } from "./planted.js";
import { holdsAny, isNew, sentIn } from "./proof.js";
import { Reader } from "./reader.js";
import { homeOf } from "./relatives.js";

export interface PlanterOptions {
  readonly wire: Wire;
  readonly document: ApiDocument;
  readonly resources: readonly Resource[];
  /** Absolute, without a slash at its end. */
  readonly baseUrl: string;
  readonly tenantFields: readonly string[];
  readonly journal: Journal;
  /** Who creates and deletes an owner's objects: itself, or a user of its tenant whose role may do so. */
  readonly senderFor: (owner: Actor) => Actor;
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

/** Of correcting a body that is refused. */
const mostRounds = 3;

/** Creates objects as tenants, with what they need, and deletes them all in the end. */
export class Planter {
  readonly planted: Planted[] = [];
  /** Creations of which it is not known what they came to. */
  #open = 0;
  /** Of creations whose objects were found again. */
  readonly #statuses = new Map<Resource, number>();
  /** Names and ids of all that was created, deleted by now or not. */
  readonly #made = new Set<string>();
  readonly #words = new Map<string, string>();
  readonly #before: IdsBefore;
  readonly reader: Reader;
  readonly needs: Needs;
  readonly bodies: Bodies;

  constructor(readonly options: PlanterOptions) {
    this.reader = new Reader(options.wire);
    this.needs = new Needs(this);
    this.bodies = new Bodies(options, this.needs);
    this.#before = new IdsBefore(options.wire);
  }

  /** What was created for an owner, of one resource or of all, and is not known to be deleted. */
  plantedBy({ name }: Actor, resource?: Resource): Planted[] {
    return this.planted.filter(
      (planted) => planted.owner.name === name && (resource === undefined || planted.resource === resource),
    );
  }

  /** Whether an object is one that was created in this run, deleted by now or not. */
  hasMade(resource: Resource, id: string): boolean {
    return this.#made.has(madeKey(resource, id));
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
    const sender = this.options.senderFor(owner);
    if (!resource.create) return { refused: `there is no POST ${resource.collection}` };
    const parents = how.parents ?? (await this.needs.parametersFor(owner, resource.collection, {}, depth));
    if (!parents)
      return { refused: `${resource.collection} stands below an object that could not be created` };
    const url = this.urlOf(resource.collection, parents)!;
    const note = { tenant: owner.name, tenantId: owner.tenantId };
    const noted = urlFor(url, owner.tenantId);
    const canary = newCanary(how.isTrial ? undefined : this.wordOf(owner));
    const before = await this.#before.of(owner, resource, url);
    const send = async () => {
      const filled = await this.bodies.bodyFor(owner, resource.create!, canary, resource, depth);
      const body = withValues(filled?.body ?? {}, how.changes ?? {});
      journal.write({ ...note, event: "creating", url: noted });
      this.#open += 1;
      const exchange = await wire.ask(sender, { method: "POST", url, body }, how.variation);
      if (dispositionOf(exchange) === "served") return { filled, body, exchange };
      journal.write({ ...note, event: "refused", url: noted });
      if (dispositionOf(exchange) === "denied") this.#open -= 1;
      return { filled, body, exchange };
    };
    let { filled, body, exchange } = await send();
    const rounds = how.isTrial ? 0 : mostRounds;
    for (
      let round = 0;
      round < rounds && this.bodies.refusals.learnFrom(exchange, resource.create, body);
      round += 1
    ) {
      ({ filled, body, exchange } = await send());
    }
    // What it refers to may be used up, such as an invoice that is paid.
    if (!how.isTrial && exchange.response.status === 409 && this.needs.renew(owner, body)) {
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
    // Elsewhere, a number that counts per tenant may be one that the creator has too.
    const isRepeated = this.plantedBy(owner, resource).some((each) => each.id === id);
    if (before.has(id) || (isRepeated && !(how.mayBeElsewhere && mayCountPerTenant(id))))
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
      list:
        resource.list && answersJson(resource.list)
          ? { url: `${url}${requiredQuery(resource.list)}`, pages: pagesOf(resource.list) }
          : undefined,
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
    this.#made.add(madeKey(resource, id));
    return planted;
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
    if (!(await this.#isDeleted(this.options.wire, planted))) return;
    const at = this.planted.indexOf(planted);
    if (at >= 0) this.planted.splice(at, 1);
    this.options.journal.write({ ...noteOf(planted), event: "deleted" });
  }

  /** It came to be in another's tenant: that one has to delete it. */
  belongsTo(planted: Planted, owner: Actor): void {
    const at = this.planted.indexOf(planted);
    if (at >= 0) this.planted[at] = { ...planted, owner };
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

  async #isDeleted(wire: Wire, { home, owner, url }: Planted): Promise<boolean> {
    const sender = this.options.senderFor(owner);
    return home.remove !== undefined && url !== undefined && deleteAndLook(wire, sender, url);
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
        const isGone = await this.#isDeleted(wire, planted).catch(() => false);
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

/** Numbers mean something else under another name. */
function madeKey({ name }: Resource, id: string): string {
  return isTellingId(id) ? id : `${name} ${id}`;
}

function noteOf({ owner, url, resource, id }: Planted) {
  const at = url === undefined ? `${resource.collection}#${id}` : urlFor(url, owner.tenantId);
  return { tenant: owner.name, tenantId: owner.tenantId, url: at };
}
