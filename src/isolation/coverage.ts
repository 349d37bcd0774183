import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import type { CheckOutcome } from "../findings/check.js";
import type { FindingDraft } from "../findings/finding.js";
import { nearestName } from "../findings/nearest.js";
import { readDocument } from "./api/document.js";
import { operationsOf, routeOf } from "./api/operations.js";

/** A cell of a matrix, as a report of `isolation check` has it. */
export interface ProbedCell {
  readonly route: string;
  readonly rule: string;
  readonly outcome: string;
}

export interface Coverage {
  /** A path or a URL; undefined where the application's own list is given. */
  readonly openapi: string | undefined;
  /** The application's own list: `GET /assets/{id}`. */
  readonly routes?: readonly string[] | undefined;
  /** What the check tried, and with which outcome. */
  readonly cells: readonly ProbedCell[];
  /** Routes that need no probe, with the reason. */
  readonly unprobed: Readonly<Record<string, string>>;
  readonly http: HttpOptions;
}

/** The check, before it has run. */
export const coverageCheck = { id: "coverage", title: "Routes and their probes" } as const;

/**
 * Every route of a document against the probes of a check: a route on which none came to a verdict, and for
 * which config gives no reason, is a finding. Nothing is sent to it.
 *
 * @throws UsageError where the document can't be read.
 */
export async function checkCoverage(options: Coverage): Promise<CheckOutcome> {
  const start = performance.now();
  const client = new HttpClient(options.http);
  try {
    const routes = options.routes ?? operationsOf(await readDocument(options.openapi!, client)).map(routeOf);
    const rows = routes.map((route) => ({ route, ...standingOf(route, options) }));
    const uncovered = rows.filter(({ standing }) => standing === "uncovered");
    return {
      ...coverageCheck,
      drafts: uncovered.map((row) => finding(row)),
      durationMs: performance.now() - start,
      facts: {
        routes: routes.length,
        probed: rows.filter(({ standing }) => standing === "probed").length,
        reasoned: rows
          .filter(({ standing }) => standing === "reasoned")
          .map(({ route, why }) => ({ route, reason: why })),
        uncovered: uncovered.map(({ route }) => route),
        ...unknown(options.unprobed, routes),
      },
    };
  } finally {
    await client.close();
  }
}

type Standing = "probed" | "reasoned" | "uncovered";

function standingOf(route: string, { cells, unprobed }: Coverage): { standing: Standing; why: string } {
  const own = cells.filter((cell) => isSame(cell.route, route));
  if (own.some(({ outcome }) => outcome === "denied" || outcome === "leaked"))
    return { standing: "probed", why: "" };
  const reason = Object.entries(unprobed).find(([each]) => isSame(each, route))?.[1];
  if (reason !== undefined) return { standing: "reasoned", why: reason };
  return { standing: "uncovered", why: own.length ? "its probes came to no verdict" : "no probe tried it" };
}

/** Alike whatever the names of their parameters, and with a slash at the end or without. */
function isSame(left: string, right: string): boolean {
  const plain = (route: string) => route.replace(/\{[^}]+\}/g, "{}").replace(/(.)\/$/, "$1");
  return plain(left) === plain(right);
}

function finding({ route, why }: { route: string; why: string }): FindingDraft {
  return {
    rule: "isolation/uncovered-route",
    subject: { route },
    message: `${route}: ${why}, and config gives no reason`,
    remedy: `Make it known to the check (an example body, a path below its resource), or say why it needs no probe: isolation: { unprobed: { "${route}": "…" } }.`,
    evidence: { why },
  };
}

/** Reasons for routes that the document does not have: mostly a slip of the pen. */
function unknown(unprobed: Coverage["unprobed"], routes: readonly string[]) {
  const names = Object.keys(unprobed).filter((name) => !routes.some((route) => isSame(route, name)));
  if (names.length === 0) return {};
  return { unknown: names.map((route) => ({ route, nearest: nearestName(route, routes) ?? null })) };
}
