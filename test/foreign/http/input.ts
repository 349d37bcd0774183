import * as v from "valibot";
import { badRequest, notFound, Problem } from "./problem.js";
import type { Page } from "./reply.js";

export const text = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max));
export const wholeNumber = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
export const email = v.pipe(v.string(), v.email(), v.maxLength(120));
export const uuid = v.pipe(v.string(), v.uuid());
export const day = v.pipe(v.string(), v.isoDate());
/** Any ISO 8601 time with a zone, kept as UTC. */
export const moment = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((value) => new Date(value).toISOString()),
);

/** The body as the schema wants it (other fields are dropped), or 422 with every wrong field. */
export function readBody<const Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  if (typeof body !== "object" || body === null) throw badRequest("Send a JSON object.");
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const details = result.issues.map((issue) => ({
    field: v.getDotPath(issue) ?? "",
    message: issue.message,
  }));
  throw new Problem(422, "invalid", "Some fields are not right.", details);
}

/** A number from the path; anything else names no row. */
export function pathNumber(value: string | undefined): number {
  if (value === undefined || !/^\d{1,9}$/.test(value)) throw notFound();
  return Number(value);
}

export function queryNumber(query: URLSearchParams, name: string, standard: number, max: number): number {
  const value = query.get(name);
  if (value === null) return standard;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > max)
    throw badRequest(`${name} is a whole number from 1 to ${max}.`);
  return number;
}

/** One of the allowed words, nothing when the parameter is absent, 400 for another word. */
export function queryWord<const Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw badRequest(`${name} is one of ${words.join(", ")}.`);
  return word;
}

/** Pages by number: `?page=2&perPage=10`. */
export function numberedPage<Row>(rows: Row[], query: URLSearchParams): { rows: Row[]; page: Page } {
  const page = queryNumber(query, "page", 1, 10_000);
  const perPage = queryNumber(query, "perPage", 20, 100);
  const start = (page - 1) * perPage;
  const pages = Math.max(1, Math.ceil(rows.length / perPage));
  return { rows: rows.slice(start, start + perPage), page: { page, perPage, total: rows.length, pages } };
}

/** Pages by cursor: `?limit=10&cursor=…`; the cursor holds the key of the last row that was seen. */
export function cursorPage<Row>(
  rows: Row[],
  keyOf: (row: Row) => string,
  query: URLSearchParams,
): { rows: Row[]; page: Page } {
  const limit = queryNumber(query, "limit", 20, 100);
  const cursor = query.get("cursor");
  let start = 0;
  if (cursor !== null) {
    const lastKey = Buffer.from(cursor, "base64url").toString();
    start = rows.findIndex((row) => keyOf(row) === lastKey) + 1;
    if (start === 0) throw badRequest("cursor is not one of ours; start again without it.");
  }
  const part = rows.slice(start, start + limit);
  const more = start + limit < rows.length;
  const nextCursor = more ? Buffer.from(keyOf(part.at(-1)!)).toString("base64url") : null;
  return { rows: part, page: { limit, nextCursor } };
}
