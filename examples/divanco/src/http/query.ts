import type { Request } from "express";
import { HttpError } from "./errors.js";

/** One text of the query string, or nothing where it is missing or empty. */
export function queryText(request: Request, name: string): string | undefined {
  const value = request.query[name];
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string" && !value.includes("\0")) return value;
  throw new HttpError(400, `"${name}" must be one text`);
}

/** Which of the `known` relations `?include=contracts,contracts.invoices` asks for. */
export function included<const Name extends string>(request: Request, ...known: Name[]): Set<Name> {
  const names = queryText(request, "include")?.split(",") ?? [];
  return new Set(names.map((name) => oneOfKnown(name, "include", known)));
}

/** The column that `?sort=number` or, from the last to the first, `?sort=-number` names. */
export function sorting<const Name extends string>(request: Request, first: Name, ...others: Name[]) {
  const value = queryText(request, "sort") ?? first;
  const direction = value.startsWith("-") ? ("desc" as const) : ("asc" as const);
  return { column: oneOfKnown(value.replace(/^-/, ""), "sort", [first, ...others]), direction };
}

function oneOfKnown<Name extends string>(value: string, name: string, known: readonly Name[]): Name {
  const found = known.find((candidate) => candidate === value);
  if (found) return found;
  throw new HttpError(400, `"${name}" must be of ${known.join(", ")}`);
}
