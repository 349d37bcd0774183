import { randomUUID } from "node:crypto";
import type { Actor, Call, Variation } from "./actor.js";
import type { Exchange } from "./exchange.js";
import type { Mark, Sighting } from "./marks.js";
import type { Pages } from "./pages.js";
import type { Planted, Planting } from "./planting/planted.js";
import type { Planter } from "./planting/planter.js";

/** What a probe works on: one route, one tenant that tries, and one whose data should stay hidden. */
export interface Scene {
  /** `GET /api/v1/assets`: how reports name the route. */
  readonly route: string;
  readonly attacker: Actor;
  readonly victim: Actor;
  readonly list: Call;
  /** The next pages of the list; none where it has no more. */
  readonly pages: Pages;
  /** Whether it asks for a list, or for an object of each one's own. */
  readonly isList: boolean;
  /** Names of parameters that may mean a tenant, beside the usual ones. */
  readonly tenantFields: readonly string[];
  /** Objects are created in this run: of what they show, nothing is left to guess. */
  readonly isPlanted: boolean;
  /** Its rows are the same for every tenant, by design. */
  readonly isShared: boolean;
  /** The attacker is a user of a role: what it may not do to its own tenant's objects is tried on the other's all the same. */
  readonly isRole: boolean;
  /** Reads one object of the list. */
  readonly item: (id: string) => Call;
  readonly itemRoute: string;
  /** What was created for this scene; nothing where it only reads. */
  readonly ground: Ground | undefined;
  /** The attacker's own answer: what it may see. */
  readonly own: Exchange;
  /** The victim's own answer; undefined where there is no token to ask with. */
  readonly theirs: Exchange | undefined;
  /** The victim's data, told from everybody else's, without what the attacker's own list holds of it. */
  readonly marks: readonly Mark[];
  /** What the attacker's own list holds of the victim's. */
  readonly leaking: readonly Sighting[];
  /** What the victim's own list holds of the attacker's. */
  readonly leakingBack: readonly Sighting[];
  /** The attacker's data, told from the victim's. */
  readonly ownMarks: readonly Mark[];
  /** A parameter that nobody knows is let through: no cache has seen such a URL. */
  readonly takesParameters: boolean;
  /** Requests of both tenants together that are sent at once to see if they mix. */
  readonly crowd: number;
  /** Objects that only the victim's list has. */
  readonly foreignIds: readonly string[];
}

/** Objects of both tenants, created for a scene, and the means to create more. */
export interface Ground {
  readonly mine: Planted;
  readonly theirs: Planted;
  readonly planter: Planter;
  /** One more of an owner's. */
  readonly another: (owner: Actor) => Promise<Planting>;
}

/** A URL that no cache has seen, where the API lets one through. */
export function fresh({ takesParameters }: Pick<Scene, "takesParameters">): Variation {
  return takesParameters ? { query: { _: randomUUID() } } : {};
}

/** `/assets/42` below the list. */
export function itemBelow(list: Call, id: string): Call {
  const path = list.url.replace(/[?#].*$/, "").replace(/\/$/, "");
  return { method: "GET", url: `${path}/${encodeURIComponent(id)}` };
}
