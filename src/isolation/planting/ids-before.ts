import type { Actor } from "../actor.js";
import { answersJson } from "../api/operations.js";
import { pagesOf, requiredQuery } from "../api/paging.js";
import type { Resource } from "../api/resources.js";
import { allPages } from "../pages.js";
import { rowsOf } from "../rows.js";
import type { Wire } from "../wire.js";

/** Ids that lists had before anything was created: an answer that names one of these created nothing. */
export class IdsBefore {
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(readonly wire: Wire) {}

  /** @param url of the list; undefined where it has no path */
  async of(owner: Actor, { list }: Resource, url: string | undefined): Promise<ReadonlySet<string>> {
    const key = `${owner.name} ${url}`;
    const known = this.#known.get(key);
    if (known || !list || url === undefined || !answersJson(list)) return known ?? new Set();
    const call = { method: "GET", url: `${url}${requiredQuery(list)}` };
    const pages = await allPages(this.wire, owner, call, pagesOf(list));
    const ids = new Set(
      pages.flatMap(({ parsed }) => (rowsOf(parsed.json) ?? []).flatMap(({ id }) => id ?? [])),
    );
    this.#known.set(key, ids);
    return ids;
  }
}
