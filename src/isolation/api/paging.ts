import type { Pages } from "../pages.js";
import type { Operation } from "./operations.js";

/** How an API declares that a list is turned over. */
export function pagesOf({ query }: Operation): Pages {
  const named = (pattern: RegExp) => query.find(({ name }) => pattern.test(name));
  const size = named(/^(page_?size|per_?page|limit|take|size|count|\$top)$/i);
  const most = Number(size?.schema.maximum ?? 100);
  return {
    page: named(/^(page|page_?number)$/i)?.name,
    offset: named(/^(offset|skip|start|\$skip)$/i)?.name,
    cursor: named(/^(cursor|after|page_?token|starting_after)$/i)?.name,
    size: size && { name: size.name, most: Math.min(100, most) },
  };
}

/** Examples of the parameters that a list can't do without, as a query: `?from=2026-01-01`, or nothing. */
export function requiredQuery({ query }: Operation): string {
  const needed = query.filter(({ isRequired, example }) => isRequired && example !== undefined);
  const search = new URLSearchParams(
    needed.map(({ name, example }): [string, string] => [name, String(example)]),
  ).toString();
  return search === "" ? "" : `?${search}`;
}
