import type { Actor } from "../actor.js";
import { fieldAt, valuesIn } from "../api/body-paths.js";
import { type Resource, referredBy } from "../api/resources.js";
import { tenantParameters } from "../api/tenant-parameters.js";
import type { Json } from "../json.js";
import { rowsOf } from "../rows.js";
import type { Planting } from "./planted.js";
import type { Planter } from "./planter.js";
import { creatorOf, resourceAt } from "./relatives.js";

const deepest = 5;

/** Objects of each tenant's that others refer to, or stand below: made once. */
export class Needs {
  readonly #needed = new Map<string, Promise<string | undefined>>();

  constructor(readonly planter: Planter) {}

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
    const values = { ...tenantParameters(path, this.planter.options.tenantFields), ...known };
    const parts = path.split("/");
    for (const [index, part] of parts.entries()) {
      const name = part.slice(1, -1);
      if (!/^\{.+\}$/.test(part) || name in values) continue;
      const parent = resourceAt(parts.slice(0, index + 1).join("/"), name, this.planter.options.resources);
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
    const known = this.planter.plantedBy(owner, resource).find((planted) => planted.id === id);
    const planted = known ?? (await this.planter.plant(owner, resource));
    if ("id" in planted)
      this.#needed.set(`${owner.name} ${resource.collection}`, Promise.resolve(planted.id));
    return planted;
  }

  /** From now on other objects are made for what a body of the owner's points at; says if it points at any. */
  renew(owner: Actor, body: Json): boolean {
    const targets = valuesIn(body).flatMap(
      ([path]) => referredBy(fieldAt(path), this.planter.options.resources) ?? [],
    );
    for (const { collection } of targets) this.#needed.delete(`${owner.name} ${collection}`);
    return targets.length > 0;
  }

  async #make(owner: Actor, resource: Resource, depth: number): Promise<string | undefined> {
    if (!this.planter.options.isReadOnly) {
      const planted = await this.planter.plant(owner, creatorOf(resource, this.planter.options.resources), {
        depth: depth + 1,
      });
      if ("id" in planted) return planted.id;
    }
    const parents = resource.list && (await this.parametersFor(owner, resource.collection, {}, depth));
    if (!parents) return undefined;
    const url = this.planter.urlOf(resource.collection, parents)!;
    const exchange = await this.planter.options.wire.get(owner, url);
    return rowsOf(exchange.parsed.json)?.find(({ id }) => id !== undefined)?.id;
  }
}
