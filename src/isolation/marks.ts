import { dispositionOf, type Exchange, saidIn } from "./exchange.js";
import type { Leaf } from "./leaves.js";

/** A value by which data of one tenant is told from everybody else's. */
export interface Mark {
  readonly value: string;
  /** `planted` by us, the `id` of an object or of the tenant, or a value that only this tenant's answers had. */
  readonly kind: "planted" | "id" | "tenant" | "own";
}

/** A mark where it should not be. */
export interface Sighting extends Mark {
  readonly path: string;
}

/** Shorter values stand in too many answers by chance. */
const shortest = 6;
const date = /^\d{4}-\d\d-\d\d|^\w{3}, \d\d? \w{3} \d{4}|^\d{2}:\d{2}/;

/**
 * The marks that an answer holds at a parsed leaf, without those that its own request said: an echo proves
 * nothing. A planted value counts inside a longer text; every other has to be the whole leaf, or whole words
 * of a refusal or of a text that is no JSON.
 */
export function sightings(exchange: Exchange, marks: readonly Mark[]): Sighting[] {
  const { body } = exchange.response;
  const said = saidIn(exchange.request);
  const candidates = marks.filter(({ value }) => body.includes(jsonText(value)) && !said.includes(value));
  if (candidates.length === 0) return [];
  const { leaves, json } = exchange.parsed;
  const isData = json !== undefined && dispositionOf(exchange) === "served";
  return candidates.flatMap((mark) => {
    const leaf = leaves.find(({ value }) => holds(value, mark, isData));
    return leaf ? [{ ...mark, path: leaf.path }] : [];
  });
}

function holds(text: string, { value, kind }: Mark, isData: boolean): boolean {
  if (kind === "planted") return text.includes(value);
  return isData ? text === value : wholeWord(text, value);
}

function wholeWord(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + value.length] ?? " "}`;
    if (!/[\p{L}\p{N}_]/u.test(around)) return true;
  }
  return false;
}

/** A value as it stands between the quotes of a JSON text. */
function jsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/**
 * Values that one side's answers had and the other's had not: in both of two readings, so that clocks and
 * random ids fall out; no dates, which two tenants may share for a second; long enough to be no accident.
 */
export function ownMarks(
  first: readonly Leaf[],
  second: readonly Leaf[],
  others: readonly Leaf[],
  most = 200,
): Mark[] {
  const again = new Set(second.map(({ value }) => value));
  const foreign = new Set(others.map(({ value }) => value));
  const values = new Set<string>();
  for (const { value, path } of first) {
    if (!again.has(value) || foreign.has(value) || date.test(value)) continue;
    if (value.length >= shortest && !isAmount(value, path)) values.add(value);
    if (values.size >= most) break;
  }
  return [...values].map((value) => ({ value, kind: "own" }));
}

/** A number says whose row it is only where it is an id. */
function isAmount(value: string, path: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value) && !/(^|[._])_?id$|Id$|[._](uuid|key|number)$/i.test(path);
}
