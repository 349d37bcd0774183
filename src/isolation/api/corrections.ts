import { isObject, type Json } from "../json.js";
import { ApiDocument } from "./document.js";
import { bare } from "./resources.js";
import { isSameRoute } from "./route-match.js";

/** A resource as config has it: routes that the document lacks, bodies that the API takes, what to leave alone. */
export interface Correction {
  /** `/assets` */
  readonly path: string;
  /** `/assets/{id}`; that of the document, or with `{id}` below the path, where it is not said. */
  readonly item?: string | undefined;
  readonly list?: boolean | undefined;
  readonly read?: boolean | undefined;
  readonly create?: Json | false | undefined;
  readonly update?: Json | false | undefined;
  readonly remove?: boolean | undefined;
  /** Why nothing of it is tried. */
  readonly skip?: string | undefined;
}

/**
 * The document with what config says over it: `false` takes a route away, a body becomes its example, and a path
 * that the document does not have gets the usual routes.
 */
export function corrected(document: ApiDocument, corrections: readonly Correction[]): ApiDocument {
  const paths: Record<string, unknown> = { ...(document.root.paths as Json) };
  for (const correction of corrections) {
    const path = spelled(paths, correction.path);
    const known = Object.keys(paths);
    const item = correction.item ? spelled(paths, correction.item) : itemOf(known, path);
    if (correction.skip !== undefined) {
      for (const each of known) if (isWithin(each, path)) delete paths[each];
      continue;
    }
    const isNew = paths[path] === undefined;
    const own: Record<string, unknown> = { ...document.resolve(paths[path] ?? {}) };
    const ofItem: Record<string, unknown> = { ...document.resolve(paths[item] ?? {}) };
    const has = (said: unknown) => said ?? isNew;
    put(document, own, "get", has(correction.list));
    put(document, own, "post", correction.create ?? (isNew ? false : undefined));
    put(document, ofItem, "get", has(correction.read));
    put(document, ofItem, ofItem.put ? "put" : "patch", correction.update ?? (isNew ? false : undefined));
    put(document, ofItem, "delete", has(correction.remove));
    paths[path] = own;
    if (Object.keys(ofItem).length > 0) paths[item] = ofItem;
  }
  return new ApiDocument({ ...document.root, paths }, document.name);
}

/** An operation, changed or added; taken away by `false`, left as it is where nothing is said. */
function put(document: ApiDocument, path: Record<string, unknown>, method: string, said: unknown): void {
  const known = isObject(path[method]) ? path[method] : undefined;
  if (said === false) delete path[method];
  else if (said === true) path[method] = known ?? {};
  else if (isObject(said)) path[method] = { ...known, requestBody: bodyWith(document, known, said) };
}

/** The body's schema as the document has it, and another example. */
function bodyWith(document: ApiDocument, operation: Json | undefined, example: Json): Json {
  const { content } = document.resolve(operation?.requestBody) as { content?: Json };
  const [type = "application/json"] = Object.keys(content ?? {}).filter((name) => name.includes("json"));
  const { schema } = document.resolve(content?.[type]);
  return { content: { [type]: { schema: schema ?? { type: "object" }, example } } };
}

/** As the document writes it: with a slash at its end or without, and with its own names of parameters. */
function spelled(paths: Json, path: string): string {
  return Object.keys(paths).find((each) => isSameRoute(each, path)) ?? path;
}

function itemOf(known: readonly string[], path: string): string {
  const below = known.find(
    (each) => each.startsWith(`${bare(path)}/{`) && /^\/\{[^/}]+\}\/?$/.test(each.slice(bare(path).length)),
  );
  return below ?? `${bare(path)}/{id}`;
}

/** Whether a path is another one, or stands below it. */
export function isWithin(path: string, above: string): boolean {
  return bare(path) === bare(above) || path.startsWith(`${bare(above)}/`);
}
