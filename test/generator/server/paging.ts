import type { GeneratedApi, Pagination } from "../description.js";
import type { Row } from "./store.js";

/** How a list says where it goes on. */
export interface Page {
  readonly total: number;
  /** Keys beside the rows: `nextCursor`, `hasMore`, the number of the page. */
  readonly next: Record<string, unknown>;
  readonly self: string;
  readonly nextUrl: string | undefined;
  readonly linkHeader: string | undefined;
}

/** Names of the two query parameters: where a page begins, and how long it is. */
export const pagingParameters: Readonly<Record<Pagination, readonly [string, string] | undefined>> = {
  none: undefined,
  "page-from-1": ["page", "pageSize"],
  "page-from-0": ["page", "size"],
  offset: ["offset", "limit"],
  cursor: ["cursor", "limit"],
  "starting-after": ["starting_after", "limit"],
  "link-header": ["page", "per_page"],
  "page[number]": ["page[number]", "page[size]"],
};

const longestPage = 100;

/** First row and number of rows that a query asks for. */
export function windowOf(api: GeneratedApi, query: URLSearchParams, rows: readonly Row[]) {
  const names = pagingParameters[api.pagination];
  if (!names) return { start: 0, length: rows.length };
  const said = query.get(names[0]);
  const length = Math.min(longestPage, positive(query.get(names[1])) ?? api.pageSize);
  const number = positive(said);
  switch (api.pagination) {
    case "page-from-0":
      return { start: (number ?? 0) * length, length };
    case "offset":
      return { start: number ?? 0, length };
    case "cursor":
      return { start: said ? Number(Buffer.from(said, "base64url").toString()) || 0 : 0, length };
    case "starting-after":
      return { start: said ? 1 + rows.findIndex(({ id }) => String(id) === said) : 0, length };
    default:
      return { start: (Math.max(1, number ?? 1) - 1) * length, length };
  }
}

function positive(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** What stands beside the rows of one window. `self` is the URL of the request, absolute. */
export function pageOf(
  api: GeneratedApi,
  self: string,
  { start, length }: { start: number; length: number },
  total: number,
  available: number,
): Page {
  const names = pagingParameters[api.pagination];
  const end = start + length;
  const hasMore = names !== undefined && end < available;
  const nextUrl =
    hasMore && api.pagination !== "starting-after" ? urlOfNext(api, self, names, end, length) : undefined;
  return { total, self, nextUrl, next: nextOf(api, end, length, hasMore), linkHeader: linkOf(api, nextUrl) };
}

function cursorOf(end: number): string {
  return Buffer.from(String(end)).toString("base64url");
}

function urlOfNext(
  api: GeneratedApi,
  self: string,
  [place]: readonly [string, string],
  end: number,
  length: number,
) {
  const url = new URL(self);
  const numbers: Partial<Record<Pagination, string>> = {
    offset: String(end),
    cursor: cursorOf(end),
    "page-from-0": String(end / length),
  };
  url.searchParams.set(place, numbers[api.pagination] ?? String(end / length + 1));
  return url.href;
}

function nextOf(api: GeneratedApi, end: number, length: number, hasMore: boolean): Record<string, unknown> {
  const snake = api.letterCase === "snake";
  switch (api.pagination) {
    case "cursor":
      return { [snake ? "next_cursor" : "nextCursor"]: hasMore ? cursorOf(end) : null };
    case "starting-after":
      return { [snake ? "has_more" : "hasMore"]: hasMore };
    case "page-from-1":
      return { page: end / length };
    case "page-from-0":
      return { page: end / length - 1 };
    default:
      return {};
  }
}

function linkOf({ pagination }: GeneratedApi, nextUrl: string | undefined): string | undefined {
  return pagination === "link-header" && nextUrl ? `<${nextUrl}>; rel="next"` : undefined;
}
