import { type Exchange, exchangeOf } from "../exchange.js";
import { allPages } from "../pages.js";
import { rowsOf } from "../rows.js";
import type { Wire } from "../wire.js";
import type { Planted } from "./planted.js";

/**
 * An object as its owner's list shows it, as if it had been asked for by itself: 404 where no row has its id.
 * Undefined where there is no list.
 */
export async function readListed(wire: Wire, { owner, list, id }: Planted): Promise<Exchange | undefined> {
  if (!list) return undefined;
  const pages = await allPages(wire, owner, { method: "GET", url: list.url }, list.pages);
  for (const { request, response, parsed } of pages) {
    const row = rowsOf(parsed.json)?.find((each) => each.id === id);
    if (row) return exchangeOf(owner.name, request, { ...response, body: JSON.stringify(row.value) });
  }
  const { request, response } = pages.at(-1)!;
  const isServed = response.status >= 200 && response.status < 300;
  return exchangeOf(owner.name, request, isServed ? { ...response, status: 404, body: "" } : response);
}
