import { UsageError } from "../../findings/errors.js";
import { nearestName } from "../../findings/nearest.js";
import type { Json } from "../json.js";
import { type Correction, isWithin } from "./corrections.js";
import type { ApiDocument } from "./document.js";
import { isSameRoute } from "./route-match.js";

/**
 * Paths of config have to lead to routes: what is skipped or shared has to be there, and what is added must not be
 * a slip of the pen. A path that is new all the same says so by its `item`.
 *
 * @throws UsageError with the nearest path of the document.
 */
export function requireKnownPaths(
  document: ApiDocument,
  corrections: readonly Correction[],
  shared: readonly string[],
): void {
  const written = Object.keys(document.root.paths as Json);
  const all = [...written, ...corrections.map(({ path }) => path)];
  const problems = [
    ...corrections.flatMap((each, index) =>
      flawOf(each, written).map((flaw) => `isolation.resources.${index}: ${flaw}`),
    ),
    ...shared
      .filter((path) => !all.some((each) => isSameRoute(each, path)))
      .map((path) => `isolation.shared: no route is at ${path}${suggestion(path, all)}`),
  ];
  if (problems.length === 0) return;
  throw new UsageError(
    `config names paths that ${document.name} does not have:\n  ${problems.join("\n  ")}`,
    "write them as the document does, without the base path of its servers",
  );
}

function flawOf({ path, item, skip }: Correction, written: readonly string[]): string[] {
  if (skip !== undefined)
    return written.some((each) => isWithin(each, path) || isSameRoute(each, path))
      ? []
      : [`nothing is at ${path} that could be skipped${suggestion(path, written)}`];
  if (item !== undefined || written.some((each) => isSameRoute(each, path))) return [];
  const near = written.find((each) => isNear(each, path));
  return near === undefined
    ? []
    : [
        `no route is at ${path}, did you mean ${near}? If it is a route of its own, give it its item: "${path}/{id}"`,
      ];
}

function suggestion(path: string, known: readonly string[]): string {
  const nearest = known.find((each) => isNear(each, path));
  return nearest === undefined ? "" : `, did you mean ${nearest}?`;
}

/** One part is misspelled, or one of them begins with the base path of a server. Pure. */
function isNear(left: string, right: string): boolean {
  if (left.endsWith(right) || right.endsWith(left)) return true;
  const [parts, others] = [left, right].map((path) => path.replace(/\{[^}]+\}/g, "{}").split("/")) as [
    string[],
    string[],
  ];
  if (parts.length !== others.length) return false;
  const different = parts.flatMap((part, index) =>
    part === others[index] ? [] : [[part, others[index]!] as const],
  );
  return different.length === 1 && nearestName(different[0]![0], [different[0]![1]]) !== undefined;
}
