import type { CheckResult, Report } from "../findings/report.js";
import { matrixOf } from "./matrix.js";
import { labelled, type Theme } from "./theme.js";
import { visible, wrap } from "./words.js";

/** Routes that share a fate, by its reason: each reason once. */
export interface ReasonList {
  readonly word: "inconclusive" | "skipped";
  /** `Inconclusive` */
  readonly title: string;
  readonly groups: readonly { readonly reason: string; readonly routes: readonly string[] }[];
}

interface Reasoned {
  readonly route: string;
  readonly reason: string;
}

/** What a check could not say, was told not to ask, or left out. Pure. */
export function reasonListsOf(check: CheckResult): ReasonList[] {
  const { declared = [], leftOut = [] } = check.facts as { declared?: Reasoned[]; leftOut?: string[] };
  const open = (matrixOf(check) ?? []).flatMap(({ outcome, route, label, reason = "" }) =>
    outcome === "inconclusive" ? [{ route: `${route} (${label})`, reason: withoutRoute(reason, route) }] : [],
  );
  const left = leftOut.map((route) => ({ route, reason: "routes that write, in a check that only read" }));
  return [
    ...listOf("inconclusive", "Inconclusive, by reason", open),
    ...listOf("skipped", "Declared: no probe needed", declared),
    ...listOf("skipped", "Left out", left),
  ];
}

function listOf(word: ReasonList["word"], title: string, all: readonly Reasoned[]): ReasonList[] {
  const groups = new Map<string, { reason: string; routes: Set<string> }>();
  for (const { reason, route } of all) {
    const key = withoutChance(reason);
    const group = groups.get(key) ?? { reason, routes: new Set() };
    groups.set(key, { ...group, routes: group.routes.add(route) });
  }
  const own = [...groups.values()].map(({ reason, routes }) => ({ reason, routes: [...routes] }));
  return own.length > 0 ? [{ word, title, groups: own }] : [];
}

/** Ids of requests and times in an answer make no other reason. */
function withoutChance(reason: string): string {
  return reason
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "id")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, "time");
}

/** `POST /assets answers 422: …` of that route is the same reason as of another one, and so is its URL. */
function withoutRoute(reason: string, route: string): string {
  const path = route.slice(route.indexOf(" ") + 1);
  for (const name of [route, path]) {
    if (reason.startsWith(`${name}: `)) return reason.slice(name.length + 2);
    if (reason.startsWith(`${name} `)) return `it ${reason.slice(name.length + 1)}`;
  }
  return reason.replace(/^https?:\/\/\S+: /, "");
}

/** For a terminal: the reason, then a route a line. */
export function renderReasons({ word, title, groups }: ReasonList, theme: Theme): string {
  const lines = groups.flatMap(({ reason, routes }) => [
    wrap(visible(reason), theme.width, "    "),
    ...routes.map((route) => theme.paint.dim(`      ${visible(route)}`)),
  ]);
  return [labelled(theme, word, title), ...lines].join("\n");
}

/** What most outcomes of a report seem to come from, each once. */
export function hintsOf({ checks }: Report): string[] {
  const all = checks.flatMap(({ facts: { hints } }) => (Array.isArray(hints) ? hints.map(String) : []));
  return [...new Set(all)];
}
