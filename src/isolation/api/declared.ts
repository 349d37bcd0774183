import { type Correction, corrected, isWithin } from "./corrections.js";
import type { ApiDocument } from "./document.js";
import { operationsOf, routeOf } from "./operations.js";
import { bare } from "./resources.js";
import { isSameRoute } from "./route-match.js";

/** A route that needs no probe, and why. */
export interface DeclaredRoute {
  readonly route: string;
  readonly reason: string;
}

/**
 * Every route that document and config name, and those of them that need no probe: open in the document, taken
 * away or skipped by config, the same for every tenant by config. Pure.
 */
export function declaredRoutes(
  document: ApiDocument,
  corrections: readonly Correction[],
  shared: readonly string[],
): { readonly routes: string[]; readonly declared: DeclaredRoute[] } {
  const written = operationsOf(document);
  const meant = operationsOf(corrected(document, corrections));
  const isMeant = new Set(meant.map(routeOf));
  const gone = written
    .filter((operation) => !isMeant.has(routeOf(operation)))
    .map((operation) => ({ route: routeOf(operation), reason: reasonOf(operation.path, corrections) }));
  const open = meant
    .filter(({ isOpen }) => isOpen)
    .map((operation) => ({ route: routeOf(operation), reason: "open in the document" }));
  const same = meant
    .filter(({ method, path }) => method === "GET" && shared.some((each) => isAtOrOneBelow(path, each)))
    .map((operation) => ({ route: routeOf(operation), reason: "shared by config" }));
  return {
    routes: [...new Set([...written, ...meant].map(routeOf))],
    declared: [...gone, ...open, ...same],
  };
}

function reasonOf(path: string, corrections: readonly Correction[]): string {
  const above = corrections.find((each) => each.skip !== undefined && isWithin(path, each.path));
  return above ? `skipped by config: ${above.skip}` : "taken away by config";
}

/** What lists the same rows for everybody reads each of them so too. */
function isAtOrOneBelow(path: string, shared: string): boolean {
  return isSameRoute(path, shared) || isSameRoute(path, `${bare(shared)}/{id}`);
}
