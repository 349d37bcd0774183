import type { Actor, Call, Variation } from "./actor.js";
import { dispositionOf, type Exchange } from "./exchange.js";
import { type Row, rowsOf } from "./rows.js";
import type { Wire } from "./wire.js";

/** How a list is turned over: names of its parameters, as the API declares them. */
export interface Pages {
  readonly page: string | undefined;
  readonly offset: string | undefined;
  readonly cursor: string | undefined;
  readonly size: { readonly name: string; readonly most: number } | undefined;
}

export const onePage: Pages = { page: undefined, offset: undefined, cursor: undefined, size: undefined };

const mostPages = 40;

/** Every page of a list as an actor sees it, the first included; at most 40, or as many as are asked for. */
export async function allPages(
  wire: Wire,
  actor: Actor,
  list: Call,
  pages: Pages,
  variation: Variation = {},
  most = mostPages,
): Promise<Exchange[]> {
  const found: Exchange[] = [];
  const seen = new Set<string>();
  let query: Record<string, string> = pages.size ? { [pages.size.name]: String(pages.size.most) } : {};
  let call = list;
  for (let number = 1; number <= most; number += 1) {
    const exchange = await wire.ask(actor, call, { ...variation, query: { ...variation.query, ...query } });
    if (dispositionOf(exchange) !== "served") {
      // A size that the API refuses is left out.
      if (number > 1 || !pages.size) return found.length ? found : [exchange];
      return allPages(wire, actor, list, { ...pages, size: undefined }, variation, most);
    }
    found.push(exchange);
    const rows = rowsOf(exchange.parsed.json) ?? [];
    const link = nextLink(exchange);
    // Where pages count from one, the first answers twice.
    const isFirstAgain = pages.page !== undefined && number === 2;
    if (rows.length === 0 || (seen.has(exchange.response.body) && !isFirstAgain)) return found;
    seen.add(exchange.response.body);
    if (link) {
      call = { method: "GET", url: new URL(link, exchange.request.url).href };
      query = {};
    } else if (pages.cursor) {
      const cursor = nextCursor(exchange.parsed.json) ?? lastId(rows, pages.cursor);
      if (cursor === undefined) return found;
      query = { ...query, [pages.cursor]: cursor };
    } else if (pages.page) query = { ...query, [pages.page]: String(number) };
    else if (pages.offset) {
      const read = found.reduce((sum, each) => sum + (rowsOf(each.parsed.json)?.length ?? 0), 0);
      query = { ...query, [pages.offset]: String(read) };
    } else return found;
  }
  return found;
}

const nextKeys = /^(next|nextPage|next_page_url|nextLink|@odata\.nextLink|href)$/;

/** A link to the next page: in the body, or in a `Link` header. Never to another host. */
function nextLink({ parsed: { leaves }, response, request }: Exchange): string | undefined {
  const header = [response.headers.link ?? ""].flat().join(", ");
  const linked = /<([^>]+)>\s*;[^,]*rel="?next"?/.exec(header)?.[1];
  const written = leaves.find(({ path, value }) => {
    const parts = path.split(".");
    const isNext = parts.some((part) => /^next/i.test(part)) && nextKeys.test(parts.at(-1)!);
    return isNext && /^(https?:\/\/|\/|\?)/.test(value) && !path.includes("[");
  })?.value;
  const link = linked ?? written;
  if (!link || !URL.canParse(link, request.url)) return undefined;
  return new URL(link, request.url).origin === new URL(request.url).origin ? link : undefined;
}

/** `starting_after` takes the last row's id. */
function lastId(rows: readonly Row[], parameter: string): string | undefined {
  return /after/i.test(parameter) ? rows.at(-1)?.id : undefined;
}

function nextCursor(json: unknown): string | undefined {
  const search = (value: unknown, depth: number): string | undefined => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || depth > 3) return undefined;
    for (const [key, each] of Object.entries(value)) {
      if (
        /^(next_?cursor|end_?cursor|next_?token|next_?page_?token)$/i.test(key) &&
        (typeof each === "string" || typeof each === "number")
      )
        return String(each);
      const below = search(each, depth + 1);
      if (below !== undefined) return below;
    }
    return undefined;
  };
  return search(json, 0);
}
