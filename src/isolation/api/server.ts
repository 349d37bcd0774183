import { UsageError } from "../../findings/errors.js";
import { isObject, type Json } from "../json.js";
import type { ApiDocument } from "./document.js";

/** The first server of a document, its variables at their defaults; it may be a path alone. Undefined where it names none. */
export function serverOf({ root }: ApiDocument): string | undefined {
  const [server] = Array.isArray(root.servers) ? (root.servers as unknown[]) : [];
  if (!isObject(server) || typeof server.url !== "string") return undefined;
  const variables = (isObject(server.variables) ? server.variables : {}) as Json;
  return server.url.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const variable = variables[name];
    return isObject(variable) && variable.default !== undefined ? String(variable.default) : whole;
  });
}

/** Its path, without a slash at its end: `/api/v1`. Empty where it has none. */
export function basePathOf(document: ApiDocument): string {
  const server = serverOf(document) ?? "";
  const path = URL.canParse(server, "http://localhost") ? new URL(server, "http://localhost").pathname : "";
  return path.replace(/\/+$/, "");
}

/**
 * Where the API is, without a slash at its end: as given, else the document's first server.
 *
 * @throws UsageError where neither is an absolute URL.
 */
export function baseUrlOf(document: ApiDocument, given: string | undefined): string {
  const base = given ?? serverOf(document);
  if (base && /^https?:\/\//.test(base) && URL.canParse(base)) return base.replace(/\/+$/, "");
  throw new UsageError(
    base ? `${base} is no base URL` : "no base URL is known: the document names no server",
    `name it: --base-url http://localhost:3000${basePathOf(document)}, or isolation.baseUrl in config`,
  );
}
