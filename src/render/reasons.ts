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
    ...listOf("inconclusive", "Inconclusive", open),
    ...listOf("skipped", "Declared: no probe needed", declared),
    ...listOf("skipped", "Left out", left),
  ];
}

function listOf(word: ReasonList["word"], title: string, all: readonly Reasoned[]): ReasonList[] {
  const reasons = [...new Set(all.map(({ reason }) => reason))];
  const groups = reasons.map((reason) => ({
    reason,
    routes: [...new Set(all.filter((each) => each.reason === reason).map(({ route }) => route))],
  }));
  return groups.length > 0 ? [{ word, title, groups }] : [];
}

/** `POST /assets answers 422: …` of that route is the same reason as of another one. */
function withoutRoute(reason: string, route: string): string {
  if (reason.startsWith(`${route}: `)) return reason.slice(route.length + 2);
  return reason.startsWith(`${route} `) ? `it ${reason.slice(route.length + 1)}` : reason;
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
