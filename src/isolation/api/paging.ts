import { sample } from "openapi-sampler";
import type { Pages } from "../pages.js";
import type { Operation, QueryParameter } from "./operations.js";

const size = /^(page_?size|per_?page|limit|take|size|count|\$top)$/i;
const page = /^(page|page_?(number|no|index))$/i;
const offset = /^(offset|skip|start|\$skip|page_?offset)$/i;
const cursor = /^(cursor|after|page_?(token|cursor|after)|starting_after|start_?after|next_?token)$/i;

/** Whether a parameter turns over a list, not chooses what is in it. */
export function isPaging({ name }: QueryParameter): boolean {
  const plain = plainName(name);
  return [size, page, offset, cursor, /^(ending_before|before|prev)$/i].some((each) => each.test(plain));
}

/** How an API declares that a list is turned over. */
export function pagesOf({ query }: Operation): Pages {
  const named = (pattern: RegExp) => query.find(({ name }) => pattern.test(plainName(name)));
  const sized = named(size);
  const most = Number(sized?.schema.maximum ?? 100);
  return {
    page: named(page)?.name,
    offset: named(offset)?.name,
    cursor: named(cursor)?.name,
    size: sized && { name: sized.name, most: Math.min(100, most) },
  };
}

/** Values for the parameters that a list can't do without, as a query: `?from=2026-01-01`, or nothing. */
export function requiredQuery({ query }: Operation): string {
  const needed = query.filter(({ isRequired }) => isRequired);
  const search = new URLSearchParams(
    needed.map(({ name, example, schema }): [string, string] => [
      name,
      String(example ?? sample(schema as never, { quiet: true }, {} as never) ?? ""),
    ]),
  ).toString();
  return search === "" ? "" : `?${search}`;
}

/** `page[number]` as `page_number`. */
function plainName(name: string): string {
  return name.replace(/\[(\w+)\]/g, "_$1");
}
