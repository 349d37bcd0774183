import { isDeepStrictEqual } from "node:util";
import { type Exchange, foundAt, isObject, valueAt } from "../isolation/index.js";
import { filled, type Values } from "./template.js";
import type { Expectation, Operator, StatusRange } from "./workflow.js";

/** Something of an answer that is not as it should be. */
export interface Unmet {
  /** `HTTP status`, `/items/0/id`, `header:ETag` */
  readonly place: string;
  /** In words. */
  readonly expected: string;
  /** What is there instead, as JSON, cut where it is long. */
  readonly actual: string;
}

const longest = 200;

/** The expectations that an answer does not meet. */
export function unmetBy(exchange: Exchange, expectations: readonly Expectation[], values: Values): Unmet[] {
  return expectations.flatMap(({ place, operator, value: template }) => {
    const wanted = operator === "matches" ? template : filled(template, values);
    const expected = inWords(operator, wanted);
    const found = foundAt(place, exchange);
    if (!found) return [{ place, expected, actual: "no JSON" }];
    if (!found.isThere) return isMetByNothing(operator) ? [] : [{ place, expected, actual: "nothing" }];
    return isMet(operator, found.value, wanted) ? [] : [{ place, expected, actual: shown(found.value) }];
  });
}

/** A status that is not expected; undefined where it is. */
export function unmetStatus(
  { response: { status } }: Exchange,
  statuses: readonly StatusRange[],
): Unmet | undefined {
  if (statuses.some(({ from, to }) => status >= from && status <= to)) return undefined;
  return { place: "HTTP status", expected: statuses.map(rangeText).join(" or "), actual: String(status) };
}

export function rangeText({ from, to }: StatusRange): string {
  return from === to ? String(from) : `${Math.floor(from / 100)}xx`;
}

/** A value as a person reads it, on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** `status: "CLOSED"`, placeholders and all. */
export function expectationText({ place, operator, value }: Expectation): string {
  return `${place || "the answer"}: ${inWords(operator, value)}`;
}

function isMetByNothing(operator: Operator): boolean {
  return operator === "absent";
}

function isMet(operator: Operator, actual: unknown, wanted: unknown): boolean {
  switch (operator) {
    case "equals":
      return isDeepStrictEqual(actual, wanted);
    case "not":
      return !isDeepStrictEqual(actual, wanted);
    case "exists":
      return true;
    case "absent":
      return false;
    case "contains":
      return contains(actual, wanted);
    case "lacks":
      return (Array.isArray(actual) || typeof actual === "string") && !contains(actual, wanted);
    case "matches":
      return typeof actual === "string" && new RegExp(String(wanted), "u").test(actual);
    case "length":
      return (Array.isArray(actual) || typeof actual === "string") && actual.length === wanted;
    case "atLeast":
      return isNumeric(actual) && Number(actual) >= Number(wanted);
    case "atMost":
      return isNumeric(actual) && Number(actual) <= Number(wanted);
    case "every":
      return Array.isArray(actual) && actual.length > 0 && actual.every((row) => hasFields(row, wanted));
  }
}

/** A part of a text; of a list an item that equals it, or has its fields. */
function contains(actual: unknown, wanted: unknown): boolean {
  if (typeof actual === "string") return actual.includes(String(wanted));
  if (!Array.isArray(actual)) return false;
  return actual.some(
    (item) => isDeepStrictEqual(item, wanted) || (isObject(wanted) && hasFields(item, wanted)),
  );
}

function hasFields(row: unknown, wanted: unknown): boolean {
  return Object.entries(wanted as object).every(([place, value]) => {
    const found = valueAt(place, row);
    return found.isThere && isDeepStrictEqual(found.value, value);
  });
}

/** Amounts of money come as texts, so that no cent is lost. */
function isNumeric(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
}

function inWords(operator: Operator, wanted: unknown): string {
  const value = shown(wanted);
  const words: Record<Operator, string> = {
    equals: value,
    not: `not ${value}`,
    exists: "something",
    absent: "nothing",
    contains: `it contains ${value}`,
    lacks: `it does not contain ${value}`,
    matches: `it matches ${String(wanted)}`,
    length: `a length of ${value}`,
    atLeast: `at least ${value}`,
    atMost: `at most ${value}`,
    every: `at least one row, and in each ${value}`,
  };
  return words[operator];
}
