/** What of Express, 4 or 5, tells its routes. */
interface ExpressModule {
  readonly Router: unknown;
}

interface Layer {
  readonly route?:
    | { readonly path: unknown; readonly methods?: Readonly<Record<string, boolean>> }
    | undefined;
  readonly handle?: { readonly stack?: readonly Layer[] };
  [mountedAt]?: string;
}

interface Stacked {
  readonly stack: readonly Layer[];
}

const mountedAt = Symbol("where a router was mounted");

/**
 * Lets Express remember where routers are mounted, which it forgets by itself. To be called before the modules
 * that build the application are loaded.
 *
 * @param express what `import express from "express"` gives
 */
export function rememberMounts(express: ExpressModule): void {
  const router = express.Router as { prototype?: { use?: unknown }; use?: unknown };
  const holder = (typeof router.prototype?.use === "function" ? router.prototype : router) as {
    use: (this: Stacked, ...parameters: unknown[]) => unknown;
  };
  const { use } = holder;
  holder.use = function (this: Stacked, ...parameters) {
    const before = this.stack.length;
    const result = use.apply(this, parameters);
    const [path] = parameters;
    for (const layer of this.stack.slice(before)) layer[mountedAt] = typeof path === "string" ? path : "";
    return result;
  };
}

/**
 * Every route of an Express application, `GET /assets/{id}`, sorted: for `tenantctl isolation coverage --routes`.
 * Routers below other routers need {@link rememberMounts} first. A path that is a regular expression is written
 * as it is.
 *
 * @param app what `express()` gives, with its routes on it
 */
export function expressRoutes(app: unknown): string[] {
  const { router, _router } = app as { router?: Stacked; _router?: Stacked };
  return [...new Set(routesIn((_router ?? router)?.stack ?? [], ""))].sort();
}

function routesIn(stack: readonly Layer[], prefix: string): string[] {
  return stack.flatMap((layer) => {
    if (layer.handle?.stack && !layer.route)
      return routesIn(layer.handle.stack, joined(prefix, layer[mountedAt] ?? ""));
    if (!layer.route) return [];
    const { path, methods = {} } = layer.route;
    const names = Object.keys(methods).map((name) => (name === "_all" ? "ALL" : name.toUpperCase()));
    return [path].flat().flatMap((each) => names.map((name) => `${name} ${joined(prefix, String(each))}`));
  });
}

/** `/assets` and `/:id` are `/assets/{id}`. */
function joined(prefix: string, path: string): string {
  const whole = `${prefix}/${path}`.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
  return whole.replace(/:(\w+)/g, "{$1}");
}
