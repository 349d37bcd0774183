import type { Operation } from "./operations.js";
import { bare } from "./resources.js";

/** The operation that a request calls; undefined where the document has none. Fixed paths win over parameters. */
export function operationAt(
  method: string,
  url: URL,
  baseUrl: string,
  operations: readonly Operation[],
): Operation | undefined {
  const base = new URL(baseUrl).pathname.replace(/\/$/, "");
  const path = url.pathname.slice(base.length);
  const fits = operations.filter(({ method: own, path: template }) => {
    if (own !== method) return false;
    const pattern = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+");
    return new RegExp(`^${pattern}/?$`).test(path);
  });
  return fits.sort((left, right) => parameters(left) - parameters(right))[0];
}

const parameters = ({ path }: Operation) => path.split("{").length;

/** Alike whatever the names of their parameters, and with a slash at the end or without; of paths and of routes. */
export function isSameRoute(left: string, right: string): boolean {
  const plain = (route: string) => bare(route.replace(/\{[^}]+\}/g, "{}"));
  return plain(left) === plain(right);
}
