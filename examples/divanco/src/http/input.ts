import type { Request } from "express";
import { HttpError } from "./errors.js";
import { isUuid } from "./uuid.js";

export type Body = Record<string, unknown>;

/** A malformed id is an id that does not exist. */
export function idParam(request: Request, name = "id"): string {
  const id = request.params[name];
  if (!isUuid(id)) throw new HttpError(404, "Not found");
  return id;
}

export function bodyOf(request: Request): Body {
  if (!isObject(request.body)) throw new HttpError(400, "The body must be a JSON object");
  return request.body;
}

export function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value === "string" && value.trim() && value.length <= 500 && !value.includes("\0")) return value;
  throw new HttpError(400, `"${name}" must be a text of 1 to 500 characters`);
}

export function uuid(body: Body, name: string): string {
  const value = body[name];
  if (isUuid(value)) return value;
  throw new HttpError(400, `"${name}" must be a UUID`);
}

export function uuids(body: Body, name: string): string[] {
  const value = body[name] ?? [];
  if (Array.isArray(value) && value.length <= 100 && value.every(isUuid)) return value;
  throw new HttpError(400, `"${name}" must be a list of UUIDs`);
}

export function positiveInteger(body: Body, name: string): number {
  const value = body[name];
  if (Number.isInteger(value) && Number(value) > 0 && Number(value) <= 1_000_000) return Number(value);
  throw new HttpError(400, `"${name}" must be a whole number from 1 to 1000000`);
}

/** An amount over zero, as text so that no cent is lost. `digits` is how many may stand before the point. */
export function money(body: Body, name: string, digits = 8): string {
  const value = String(body[name]);
  if (new RegExp(`^\\d{1,${digits}}(\\.\\d{1,2})?$`).test(value) && Number(value) > 0) return value;
  throw new HttpError(400, `"${name}" must be an amount with at most two decimals, such as "120.50"`);
}

export function oneOf<const T extends string>(body: Body, name: string, values: readonly T[]): T {
  const value = values.find((known) => known === body[name]);
  if (value) return value;
  throw new HttpError(400, `"${name}" must be one of ${values.join(", ")}`);
}

export function objects(body: Body, name: string): Body[] {
  const value = body[name];
  if (Array.isArray(value) && value.length >= 1 && value.length <= 100 && value.every(isObject)) return value;
  throw new HttpError(400, `"${name}" must be a list of 1 to 100 objects`);
}

/** Reads a field only if the body has it, for optional fields and for PATCH. */
export function optional<T>(body: Body, name: string, read: (body: Body, name: string) => T): T | undefined {
  return body[name] === undefined ? undefined : read(body, name);
}

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);
