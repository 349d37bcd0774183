import { headerOf } from "../adapters/http/message.js";
import { dispositionOf, type Exchange, foundAt, type Mark } from "../isolation/index.js";
import { type Unmet, unmetBy, unmetStatus } from "./expectations.js";
import type { Failure } from "./results.js";
import type { Values } from "./template.js";
import type { Capture, Step } from "./workflow.js";

/** What a step's answer was good for. */
export interface Judged {
  /** Undefined where everything is as it should be. */
  readonly failure: Failure | undefined;
  /** Captured values by name. */
  readonly captured: ReadonlyMap<string, unknown>;
}

/** Judges a step's answer: its status, what it holds, what is captured from it. */
export function judged(step: Step, exchange: Exchange, values: Values): Judged {
  const { captured, missing } = capturedFrom(step.captures, exchange);
  const status = unmetStatus(exchange, step.statuses);
  if (status) {
    // What is captured all the same can be cleaned up; a refusal holds no answer to what was expected.
    const kept = dispositionOf(exchange) === "served" ? captured : new Map();
    const problem = `answers ${status.actual}, not ${status.expected}`;
    return { failure: { problem, unmet: [status], exchange }, captured: kept };
  }
  const known = new Map([...values, ...captured]);
  const late = unmetBy(exchange, step.until?.expectations ?? [], known);
  const unmet = [...late, ...unmetBy(exchange, step.expectations, known), ...missing];
  if (unmet.length === 0) return { failure: undefined, captured };
  const waited = late.length ? `not within ${step.until!.withinMs / 1000} s: ` : "";
  return { failure: { problem: `${waited}${problemOf(unmet, exchange)}`, unmet, exchange }, captured };
}

/** Whether an answer is what a step that waits has waited for. */
export function isReady({ statuses, until }: Step, exchange: Exchange, values: Values): boolean {
  return (
    !unmetStatus(exchange, statuses) && unmetBy(exchange, until?.expectations ?? [], values).length === 0
  );
}

function capturedFrom(captures: readonly Capture[], exchange: Exchange) {
  const captured = new Map<string, unknown>();
  const missing: Unmet[] = [];
  for (const capture of captures) {
    const found = foundAt(capture.place, exchange);
    if (found?.isThere && found.value !== null) captured.set(capture.name, found.value);
    else missing.push(notThere(capture, found === undefined));
  }
  return { captured, missing };
}

function notThere({ name, place }: Capture, isNoJson: boolean): Unmet {
  const actual = isNoJson ? "no JSON" : "nothing";
  return { place, expected: `something to capture as ${name}`, actual };
}

/** Names places, not values: those may be a customer's. */
function problemOf([first, ...others]: readonly Unmet[], exchange: Exchange): string {
  const { response, parsed } = exchange;
  const needsJson = !first!.place.startsWith("header:");
  if (needsJson && parsed.json === undefined)
    return response.body.trim() === ""
      ? "the answer is empty"
      : `the answer is no JSON but ${contentTypeOf(exchange)}`;
  const more = others.length ? `, and ${others.length} more` : "";
  return `${first!.place || "the answer"} is not as expected${more}`;
}

/** `text/html`, or that it does not say. */
export function contentTypeOf({ response }: Exchange): string {
  return headerOf(response, "content-type").replace(/;.*$/, "").trim() || "of no content type";
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const idField = /(id|uuid|guid|number|key|reference|location)$/i;
const date = /^\d{4}-\d\d-\d\d/;

/**
 * A captured value by which data of its tenant is told: a UUID, or under the name of an id a word with letters and
 * digits that is too long to be there by chance. A status or a date is none.
 */
export function markOf({ place }: Pick<Capture, "place">, value: unknown): Mark | undefined {
  const text = String(value);
  const isLong = text.length >= 10 && /\d/.test(text) && /[a-z]/i.test(text) && !date.test(text);
  return uuid.test(text) || (isLong && idField.test(place)) ? { value: text, kind: "id" } : undefined;
}
