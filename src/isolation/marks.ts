import { dispositionOf, type Exchange, saidIn } from "./exchange.js";
import type { Leaf } from "./leaves.js";

/** A value by which data of one tenant is told from everybody else's. */
export interface Mark {
  /** Of what we planted: what all canaries of one tenant begin with. */
  readonly value: string;
  /** `planted` by us, the `id` of an object or of the tenant, or a value that only this tenant's answers had. */
  readonly kind: "planted" | "id" | "tenant" | "own";
  /** Of a value of the tenant's own: the object that it stands in, and how many marks that has. */
  readonly object?: { readonly path: string; readonly marks: number };
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
  const isThere = ({ kind, value }: Mark) =>
    kind === "planted" ? holdsWord(body, value) : body.includes(jsonText(value));
  const candidates = marks.filter((mark) => isThere(mark) && !said.includes(mark.value));
  if (candidates.length === 0) return [];
  const { leaves, json } = exchange.parsed;
  const isData = json !== undefined && dispositionOf(exchange) === "served";
  const found = candidates.flatMap((mark) => {
    const leaf = leaves.find(({ value, path }) => holds(value, mark, isData) && isPlaceFor(mark, path));
    return leaf ? [{ ...mark, path: leaf.path }] : [];
  });
  return isData ? found.filter((mark) => isTelling(mark, found)) : found;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Two tenants may use one number for their first payment. Of values that nobody planted, one alone tells whose
 * they are only where it can't be there by chance; else the object has to be there, with all or two of them.
 */
function isTelling({ kind, value, object, path }: Sighting, found: readonly Sighting[]): boolean {
  if (kind !== "own" || !object || uuid.test(value)) return true;
  if (object.marks === 1) return value.length >= longAlone;
  const here = objectPath(path);
  const together = found.filter(
    (other) => other.object?.path === object.path && objectPath(other.path) === here,
  );
  return together.length >= 2;
}

/** A value of an object that has no other mark tells by itself only where it is longer than a number or a word. */
const longAlone = 12;

/** A tenant's id that is a word, `europe`, means the tenant only under a name that says so. */
function isPlaceFor({ kind, value }: Mark, path: string): boolean {
  if (kind !== "tenant" || uuid.test(value) || (value.length >= 10 && /\d/.test(value))) return true;
  return /(tenant|org|workspace|account|company|customer|team)[^.]*$/i.test(path);
}

function holds(text: string, { value, kind }: Mark, isData: boolean): boolean {
  if (kind === "planted") return holdsWord(text, value);
  return isData ? text === value : wholeWord(text, value);
}

/** Whatever case the application gave it. */
function holdsWord(text: string, word: string): boolean {
  return text.toLowerCase().includes(word.toLowerCase());
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
  const objects = new Map<string, string>();
  for (const { value, path } of first) {
    if (!again.has(value) || foreign.has(value) || date.test(value) || objects.has(value)) continue;
    if (value.length >= shortest && !isAmount(value, path)) objects.set(value, objectPath(path));
    if (objects.size >= most) break;
  }
  const sizes = new Map<string, number>();
  for (const path of objects.values()) sizes.set(path, (sizes.get(path) ?? 0) + 1);
  return [...objects].map(([value, path]) => ({
    value,
    kind: "own",
    object: { path, marks: sizes.get(path)! },
  }));
}

/** `items[3].client.name` stands in `items[3]`: the innermost object of a list, else the answer itself. */
function objectPath(path: string): string {
  return /^(.*\])/.exec(path)?.[1] ?? "";
}

/** A number says whose row it is only where it is an id. */
function isAmount(value: string, path: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value) && !/(^|[._])_?id$|Id$|[._](uuid|key|number)$/i.test(path);
}
