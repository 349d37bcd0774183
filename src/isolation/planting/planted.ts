import type { Actor } from "../actor.js";
import type { Resource } from "../api/resources.js";
import type { Exchange } from "../exchange.js";
import type { Json } from "../json.js";
import type { Pages } from "../pages.js";

/** An object that was created through the API. */
export interface Planted {
  readonly resource: Resource;
  /** The resource that has its path, mostly the same one. */
  readonly home: Resource;
  readonly owner: Actor;
  readonly id: string;
  readonly canary: string;
  /** Fields that hold the canary; none where its body has no free text. */
  readonly marked: readonly string[];
  /** Values for the parameters of its path. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Absolute; undefined where the API has no path for one object. */
  readonly url: string | undefined;
  /** The list that it stands in; undefined where the API has none. */
  readonly list: { readonly url: string; readonly pages: Pages } | undefined;
  readonly body: Json;
  /** How it was created. */
  readonly exchange: Exchange;
}

export type Planting = Planted | { readonly refused: string; readonly exchange?: Exchange };

/** Whatever case the application gave it. */
export function holdsCanary(exchange: Exchange | undefined, canary: string): boolean {
  return exchange?.response.body.toLowerCase().includes(canary.toLowerCase()) === true;
}
