import type { Request } from "express";
import { getContext } from "../context/request-context.js";
import { HttpError } from "./errors.js";

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
  const { tenantId } = getContext();
  const { search } = request.query;
  if (search === undefined || search === "") return { tenantId };
  if (typeof search !== "string" || search.includes("\0"))
    throw new HttpError(400, '"search" must be one text');
  const contains = { contains: search, mode: "insensitive" as const };
  return {
    tenantId,
    OR: columns.map((column) => ({ [column]: contains }) as Record<Column, typeof contains>),
  };
}

function integer(request: Request, name: string, fallback: number, maximum: number): number {
  const value = Number(request.query[name] ?? fallback);
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return value;
  throw new HttpError(400, `"${name}" must be a whole number from 1 to ${maximum}`);
}
