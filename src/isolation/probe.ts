import { HttpFailure } from "../adapters/http/failure.js";
import type { RuleId } from "../findings/rules.js";
import { dispositionOf, type Exchange } from "./exchange.js";
import type { Sighting } from "./marks.js";
import type { Scene } from "./scene.js";
import type { Wire } from "./wire.js";

/** One class of leaks, and how to try for it. */
export interface Probe {
  readonly rule: RuleId;
  /** Column of the matrix: `override`. */
  readonly label: string;
  /** The route that it tries, where that is not the list. */
  route?(scene: Scene): string;
  /** Why it can't be tried here; undefined where it can. */
  unfit(scene: Scene): string | undefined;
  attempt(scene: Scene, wire: Wire): Promise<Observation>;
}

/** What one attempt saw. */
export interface Observation {
  readonly leaks: readonly Leak[];
  /** Answers that refused. */
  readonly denials?: readonly Exchange[];
  /** Why nothing can be said, though nothing leaked. */
  readonly unsure?: string | undefined;
  /** Why there is nothing to try after all. */
  readonly unfit?: string | undefined;
}

export interface Leak {
  /** Where what leaked is of another class than the probe's. */
  readonly rule?: RuleId;
  /** Which way of several: the same one has to leak again for it to count. */
  readonly variant: string;
  /** `A received 3 rows of B …`, without its route. */
  readonly message: string;
  readonly attack: Exchange;
  /** The owner's own answer, or the one without the attack, to compare with. */
  readonly control: Exchange | undefined;
  readonly seen: readonly Sighting[];
}

export const nothing: Observation = { leaks: [] };

/** Nothing can be said, and why. */
export function unsure(reason: string): Observation {
  return { leaks: [], unsure: reason };
}

/** There is nothing to try here, and why. */
export function unfit(reason: string): Observation {
  return { leaks: [], unfit: reason };
}

/** Nothing leaked; whether it was refused is worth knowing. */
export function noLeak(attack: Exchange): Observation {
  return { leaks: [], denials: isDenied(attack) ? [attack] : [] };
}

export function isDenied(exchange: Exchange | undefined): exchange is Exchange {
  return exchange !== undefined && dispositionOf(exchange) === "denied";
}

/** One cell of the matrix: a route and a class of leaks. */
export interface Cell {
  readonly route: string;
  readonly rule: RuleId;
  readonly label: string;
  readonly outcome: "denied" | "leaked" | "inconclusive" | "not applicable";
  /** Of every outcome but denied. */
  readonly reason?: string;
  readonly leaks: readonly Leak[];
  readonly denials: readonly Exchange[];
}

/** A probe with all that it needs: one route and a class of leaks. */
export interface Trial {
  readonly route: string;
  readonly rule: RuleId;
  readonly label: string;
  attempt(): Promise<Observation>;
}

/** Tries one probe on a scene, where it fits. */
export async function tryProbe(probe: Probe, scene: Scene, wire: Wire): Promise<Cell> {
  const { rule, label } = probe;
  const route = probe.route?.(scene) ?? scene.route;
  const misfit = probe.unfit(scene);
  if (misfit !== undefined)
    return { route, rule, label, outcome: "not applicable", reason: misfit, leaks: [], denials: [] };
  return tryTrial({ route, rule, label, attempt: () => probe.attempt(scene, wire) }, wire);
}

/**
 * Makes one trial. What leaked has to leak a second time, in the same way; once and never again is
 * inconclusive, and so is an attempt that the server did not answer properly.
 */
export async function tryTrial(trial: Trial, wire: Wire): Promise<Cell> {
  const { route, rule, label } = trial;
  const cell = { route, rule, label, leaks: [], denials: [] } as const;
  const before = wire.unanswered.length;
  const first = await attempted(trial, wire);
  const denials = first.denials ?? [];
  if (first.unfit !== undefined) return { ...cell, outcome: "not applicable", reason: first.unfit };
  if (first.leaks.length === 0) {
    // A bleed is looked for among many requests, and says itself how many were not served.
    const isOpen = wire.unanswered.length > before && rule !== "isolation/context-bleed";
    const reason =
      first.unsure ?? (isOpen ? `the server answered ${wire.unanswered.at(-1)!.response.status}` : undefined);
    return reason === undefined
      ? { ...cell, denials, outcome: "denied" }
      : { ...cell, denials, outcome: "inconclusive", reason };
  }
  const second = await attempted(trial, wire);
  const again = new Set(second.leaks.map(({ variant }) => variant));
  const leaks = first.leaks.filter(({ variant }) => again.has(variant));
  if (leaks.length === 0) {
    const reason = `leaked once and not again: ${first.leaks[0]!.message}`;
    return { ...cell, denials, outcome: "inconclusive", reason };
  }
  return { ...cell, denials, outcome: "leaked", reason: leaks[0]!.message, leaks };
}

/** A route that does not answer at all leaves its own cell open; the next one may. */
async function attempted(trial: Trial, wire: Wire): Promise<Observation> {
  try {
    const seen = await trial.attempt();
    wire.silent = 0;
    return seen;
  } catch (error) {
    wire.silent += 1;
    if (!(error instanceof HttpFailure) || wire.silent > mostSilent) throw error;
    return unsure(error.message);
  }
}

/** After so many routes in a row without an answer the server is taken to be down. */
export const mostSilent = 3;
