import type { Operation } from "./operations.js";

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
