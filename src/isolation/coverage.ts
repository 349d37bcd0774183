import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import type { CheckOutcome } from "../findings/check.js";
import type { FindingDraft } from "../findings/finding.js";
import { nearestName } from "../findings/nearest.js";
import type { Correction } from "./api/corrections.js";
import { type DeclaredRoute, declaredRoutes } from "./api/declared.js";
import { emptyDocument, readDocument } from "./api/document.js";
import { isSameRoute } from "./api/route-match.js";
import { requireKnownPaths } from "./api/unknown-paths.js";

/** A cell of a matrix, as a report of `isolation check` has it. */
export interface ProbedCell {
  readonly route: string;
  readonly rule: string;
  readonly outcome: string;
}

/** What a check tried, and with which outcome. */
export interface Probed {
  readonly cells: readonly ProbedCell[];
  /** It only read: routes that write are left out, not forgotten. */
  readonly isReadOnly: boolean;
}

export interface Coverage extends Probed {
  /** A path or a URL; undefined where only the application's own list is given. */
  readonly openapi: string | undefined;
  /** The application's own list: `GET /assets/{id}`. */
  readonly routes?: readonly string[] | undefined;
  /** What config adds to the document, or takes from it. */
  readonly resources: readonly Correction[];
  /** Paths whose answers are the same for every tenant, by design. */
  readonly shared: readonly string[];
  /** Routes that need no probe, with the reason. */
  readonly unprobed: Readonly<Record<string, string>>;
  readonly http: HttpOptions;
}

/** The check, before it has run. */
export const coverageCheck = { id: "coverage", title: "Routes and their probes" } as const;

/**
 * Every route of a document against the probes of a check: a route on which none came to a verdict, and for
 * which neither document nor config gives a reason, is a finding. Nothing is sent to it.
 *
 * @throws UsageError where the document can't be read, or config names paths that it does not have.
 */
export async function checkCoverage(options: Coverage): Promise<CheckOutcome> {
  const start = performance.now();
  const client = new HttpClient(options.http);
  try {
    const known = await knownRoutes(options, client);
    const routes = options.routes ?? known.routes;
    const declared = [
      ...Object.entries(options.unprobed).map(([route, reason]) => ({ route, reason })),
      ...known.declared,
    ];
    const rows = routes.map((route) => ({ route, ...standingOf(route, options, declared) }));
    const having = (standing: Standing) => rows.filter((row) => row.standing === standing);
    const leftOut = having("left out").map(({ route }) => route);
    const uncovered = having("uncovered");
    return {
      ...coverageCheck,
      drafts: uncovered.map((row) => finding(row)),
      ...(leftOut.length ? { obstacle: { status: "inconclusive", reason: leftOutReason(leftOut) } } : {}),
      durationMs: performance.now() - start,
      facts: {
        routes: routes.length,
        probed: having("probed").length,
        declared: having("declared").map(({ route, why }) => ({ route, reason: why })),
        leftOut,
        uncovered: uncovered.map(({ route }) => route),
        ...unknown(options.unprobed, routes),
      },
    };
  } finally {
    await client.close();
  }
}

async function knownRoutes({ openapi, resources, shared }: Coverage, client: HttpClient) {
  const document = openapi === undefined ? emptyDocument() : await readDocument(openapi, client);
  if (openapi !== undefined) requireKnownPaths(document, resources, shared);
  return declaredRoutes(document, resources, shared);
}

type Standing = "probed" | "declared" | "left out" | "uncovered";

function standingOf(
  route: string,
  { cells, isReadOnly }: Probed,
  declared: readonly DeclaredRoute[],
): { standing: Standing; why: string } {
  const own = cells.filter((cell) => isSameRoute(cell.route, route));
  if (own.some(({ outcome }) => outcome === "denied" || outcome === "leaked"))
    return { standing: "probed", why: "" };
  const reason = declared.find((each) => isSameRoute(each.route, route))?.reason;
  if (reason !== undefined) return { standing: "declared", why: reason };
  if (own.length > 0) return { standing: "uncovered", why: "its probes came to no verdict" };
  if (isReadOnly && !route.startsWith("GET ")) return { standing: "left out", why: "" };
  return {
    standing: "uncovered",
    why: `no probe tried it${isReadOnly ? ", in a check that only read" : ""}`,
  };
}

function leftOutReason(routes: readonly string[]): string {
  return `the check only read: ${routes.length} ${routes.length === 1 ? "route" : "routes"} to create, change or delete left out; run isolation check without --read-only, on an environment where objects may be created`;
}

function finding({ route, why }: { route: string; why: string }): FindingDraft {
  return {
    rule: "isolation/uncovered-route",
    subject: { route },
    message: `${route}: ${why}, and no reason is declared`,
    remedy:
      'Make it known to the check (an example body, a path below its resource), or say in config why it needs no probe: isolation: { unprobed: { "POST /webhooks": "signed by the provider" } }.',
    evidence: { why },
  };
}

/** Reasons for routes that the document does not have: mostly a slip of the pen. */
function unknown(unprobed: Coverage["unprobed"], routes: readonly string[]) {
  const names = Object.keys(unprobed).filter((name) => !routes.some((route) => isSameRoute(route, name)));
  if (names.length === 0) return {};
  return { unknown: names.map((route) => ({ route, nearest: nearestName(route, routes) ?? null })) };
}
