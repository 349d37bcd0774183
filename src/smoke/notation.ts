import { flawOfPlace, isObject } from "../isolation/index.js";
import type { ExpectationsSection, StatusText } from "./section.js";
import type { Expectation, Operator, StatusRange } from "./workflow.js";

/** A text of config that means nothing. */
export class NotationError extends Error {}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** `POST /api/v1/assets`. @throws NotationError where it is not written so. */
export function parsedRequest(text: string): { readonly method: string; readonly path: string } {
  const [, method = "", path = ""] = /^([A-Za-z]+)\s+(\/\S*)$/.exec(text.trim()) ?? [];
  if (methods.includes(method.toUpperCase())) return { method: method.toUpperCase(), path };
  throw new NotationError(`"${text}" is no request: write a method and a path, POST /api/v1/assets`);
}

/** `200`, `"2xx"`. @throws NotationError where it is neither. */
export function parsedStatus(status: StatusText): StatusRange {
  const text = String(status);
  if (/^[1-5]\d\d$/.test(text)) return { from: Number(text), to: Number(text) };
  const [, hundreds] = /^([1-5])xx$/i.exec(text) ?? [];
  if (hundreds !== undefined) return { from: Number(hundreds) * 100, to: Number(hundreds) * 100 + 99 };
  throw new NotationError(`"${text}" is no status: write 201 or "2xx"`);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
/** A job that takes longer is no smoke test's. */
const longestWait = 60 * 60_000;

/** `500ms`, `10s`, `2m` in milliseconds. @throws NotationError where it is none, or over an hour. */
export function parsedDuration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m)$/.exec(text.trim()) ?? [];
  const milliseconds = Number(number) * (units[unit] ?? Number.NaN);
  if (milliseconds > 0 && milliseconds <= longestWait) return milliseconds;
  throw new NotationError(`"${text}" is no time to wait: write 500ms, 10s or 2m, an hour at most`);
}

/** Expectations by place. @throws NotationError where a place or a pattern is none. */
export function parsedExpectations(section: ExpectationsSection): Expectation[] {
  return Object.entries(section).flatMap(([place, wanted]) => {
    parsedPlace(place);
    if (!isObject(wanted)) return [{ place, operator: "equals" as const, value: wanted }];
    const entries = Object.entries(wanted).filter(([, value]) => value !== undefined);
    if (entries.length === 0) throw new NotationError(`${place}: {} expects nothing`);
    return entries.map(([operator, value]) => {
      if (operator === "matches") requirePattern(place, String(value));
      return { place, operator: operator as Operator, value };
    });
  });
}

/** @throws NotationError where it is no place of an answer. */
export function parsedPlace(place: string): string {
  const flaw = flawOfPlace(place);
  if (flaw !== undefined) throw new NotationError(flaw);
  return place;
}

function requirePattern(place: string, pattern: string): void {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    throw new NotationError(`${place}: ${(error as Error).message}`);
  }
}
