import type { Request } from "express";
import { getContext } from "../context/request-context.js";
import { HttpError } from "./errors.js";
import { queryText } from "./query.js";

/** `?page=2&pageSize=50`, as Prisma wants it and as the answer repeats it. */
export function paging(request: Request) {
  const page = integer(request, "page", 1, 100_000);
  const pageSize = integer(request, "pageSize", 20, 100);
  return { page, pageSize, rows: { skip: (page - 1) * pageSize, take: pageSize } };
}

/**
 * The filter of a list: rows of the tenant in which, with `?search=crane`, any of the columns contains the
 * text in upper or lower case. Lists named the tenant themselves before there was a guard, and still do.
 */
export function matching<Column extends string>(request: Request, ...columns: Column[]) {
  return { tenantId: getContext().tenantId, ...searching(request, ...columns) };
}

/** The search of `matching()` alone. It says nothing about the tenant. */
export function searching<Column extends string>(request: Request, ...columns: Column[]) {
  const search = queryText(request, "search");
  if (search === undefined) return {};
  return { OR: columns.map((column) => ({ [column]: containing(search) }) as Record<Column, Containing>) };
}

/** Prisma's filter for a text within a column, in upper or lower case. */
export const containing = (text: string) => ({ contains: text, mode: "insensitive" as const });
type Containing = ReturnType<typeof containing>;

function integer(request: Request, name: string, fallback: number, maximum: number): number {
  const value = Number(request.query[name] ?? fallback);
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return value;
  throw new HttpError(400, `"${name}" must be a whole number from 1 to ${maximum}`);
}
