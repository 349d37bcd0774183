import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { HttpClient } from "../../adapters/http/client.js";
import { UsageError } from "../../findings/errors.js";
import { isObject, type Json } from "../json.js";

/** An OpenAPI document, whose references are followed when they are asked for. */
export class ApiDocument {
  constructor(
    readonly root: Json,
    /** As named, for messages. */
    readonly name: string,
  ) {}

  /**
   * A node, or what its `$ref` names. Only references within the document are followed.
   *
   * @throws UsageError where a reference leads nowhere, or to another file.
   */
  resolve(node: unknown): Json {
    let at = node;
    for (const seen = new Set<string>(); isObject(at) && typeof at.$ref === "string"; ) {
      const reference = at.$ref;
      if (seen.has(reference)) return {};
      seen.add(reference);
      at = this.#lookUp(reference);
    }
    return isObject(at) ? at : {};
  }

  #lookUp(reference: string): unknown {
    if (!reference.startsWith("#/")) {
      throw new UsageError(
        `${this.name} refers to another file: ${reference}`,
        "bundle it into one file first: npx @redocly/cli bundle openapi.yaml --output openapi.json",
      );
    }
    let at: unknown = this.root;
    for (const part of reference.slice(2).split("/")) {
      const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      at = isObject(at) || Array.isArray(at) ? (at as Json)[key] : undefined;
    }
    if (at === undefined) {
      throw new UsageError(
        `${this.name}: the reference ${reference} leads nowhere`,
        "correct it in the document",
      );
    }
    return at;
  }
}

/** A document without a path, for routes that config names. */
export function emptyDocument(): ApiDocument {
  return new ApiDocument({ openapi: "3.1.0", paths: {} }, "isolation.resources");
}

/**
 * Reads an OpenAPI 3 document, JSON or YAML.
 *
 * @param location a path, or a URL
 * @throws UsageError where it can't be read, or is none.
 */
export async function readDocument(location: string, client: HttpClient): Promise<ApiDocument> {
  const text = /^https?:\/\//.test(location) ? await download(location, client) : readText(location);
  let root: unknown;
  try {
    root = parse(text, { maxAliasCount: 1000 });
  } catch (error) {
    throw new UsageError(
      `the OpenAPI document ${location} is neither JSON nor YAML: ${(error as Error).message.split("\n")[0]}`,
      "name another with --openapi",
    );
  }
  const version = isObject(root) ? root.openapi : undefined;
  if (!isObject(root) || typeof version !== "string" || !version.startsWith("3.")) {
    const found =
      isObject(root) && root.swagger ? `Swagger ${String(root.swagger)}` : "no OpenAPI 3 document";
    throw new UsageError(
      `${location} is ${found}`,
      "name an OpenAPI 3.0 or 3.1 document (npx swagger2openapi converts from 2.0)",
    );
  }
  if (!isObject(root.paths)) throw new UsageError(`${location} has no paths`, "name another with --openapi");
  return new ApiDocument(root, location);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `can't read the OpenAPI document ${path}: ${code}`,
      "name it: --openapi PATH or URL",
    );
  }
}

async function download(url: string, client: HttpClient): Promise<string> {
  const { status, body } = await client.send({
    method: "GET",
    url,
    headers: { accept: "application/json, */*" },
  });
  if (status === 200) return body;
  throw new UsageError(`the OpenAPI document ${url} answers ${status}`, "name it: --openapi PATH or URL");
}
