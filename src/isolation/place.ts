import { headerOf } from "../adapters/http/message.js";
import type { Exchange } from "./exchange.js";
import { isObject } from "./json.js";

/** What stands at a place of an answer; `isThere` is false where nothing does. */
export interface Found {
  readonly isThere: boolean;
  readonly value: unknown;
}

const nothing: Found = { isThere: false, value: undefined };
const headerPrefix = "header:";

/**
 * What stands at a place of an answer: `header:Location`, a JSON pointer (RFC 6901), or the name of a field.
 * Undefined where a value of JSON is asked for, and the body is none.
 */
export function foundAt(place: string, { response, parsed }: Exchange): Found | undefined {
  if (place.startsWith(headerPrefix)) {
    const name = place.slice(headerPrefix.length);
    const isThere = response.headers[name.toLowerCase()] !== undefined;
    return { isThere, value: isThere ? headerOf(response, name) : undefined };
  }
  return parsed.json === undefined ? undefined : valueAt(place, parsed.json);
}

/** What stands at a JSON pointer, or under the name of a field, of a JSON value. */
export function valueAt(place: string, json: unknown): Found {
  const keys = place === "" || place.startsWith("/") ? place.split("/").slice(1).map(unescaped) : [place];
  return keys.reduce<Found>(({ value }, key) => childOf(value, key), { isThere: true, value: json });
}

function childOf(value: unknown, key: string): Found {
  if (Array.isArray(value)) {
    const index = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : value.length;
    return index < value.length ? { isThere: true, value: value[index] } : nothing;
  }
  return isObject(value) && Object.hasOwn(value, key) ? { isThere: true, value: value[key] } : nothing;
}

/** RFC 6901, section 4: `~1` is a slash, and `~0` a tilde. */
function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Why a text is no place; undefined where it is one. */
export function flawOfPlace(place: string): string | undefined {
  if (place === headerPrefix) return "header: lacks the header's name";
  if (place.startsWith("/") && /~(?![01])/.test(place))
    return `${place}: a ~ of a JSON pointer is ~0, a slash ~1`;
  return undefined;
}
