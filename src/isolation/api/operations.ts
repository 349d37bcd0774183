import { tenantPlaceholder } from "../actor.js";
import { isObject, type Json } from "../json.js";
import type { ApiDocument } from "./document.js";

const methods = ["get", "post", "put", "patch", "delete"] as const;

/** One operation of an API. */
export interface Operation {
  /** Upper case. */
  readonly method: string;
  /** With parameters in braces: `/assets/{id}`. */
  readonly path: string;
  /** Names of its query parameters. */
  readonly query: readonly QueryParameter[];
  /** Schema of its JSON body, and an example of it; undefined where it takes none. */
  readonly body: { readonly schema: Json; readonly example: unknown } | undefined;
  /** Media types that it answers 2xx with. */
  readonly produces: readonly string[];
  /** Nobody needs to sign in. */
  readonly isOpen: boolean;
}

export interface QueryParameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: Json;
  readonly example: unknown;
}

/** Every operation of a document, in its order. */
export function operationsOf(document: ApiDocument): Operation[] {
  const { paths, security } = document.root as { paths: Json; security?: unknown };
  return Object.entries(paths).flatMap(([path, item]) => {
    const shared = document.resolve(item);
    return methods.flatMap((method) => {
      if (!isObject(shared[method])) return [];
      const operation = shared[method] as Json;
      const parameters = [...list(shared.parameters), ...list(operation.parameters)].map((each) =>
        document.resolve(each),
      );
      return [
        {
          method: method.toUpperCase(),
          path,
          query: parameters.filter((each) => each.in === "query").map((each) => queryOf(document, each)),
          body: bodyOf(document, operation),
          produces: producedBy(document, operation),
          isOpen: isOpen(operation.security ?? security),
        },
      ];
    });
  });
}

/** `GET /assets/{id}` */
export function routeOf({ method, path }: Pick<Operation, "method" | "path">): string {
  return `${method} ${path}`;
}

/** Whether its answers are JSON, as far as its document says. */
export function answersJson({ produces }: Operation): boolean {
  return produces.length === 0 || produces.some((type) => type.includes("json"));
}

/** Whether it stays open and tells what happens: server-sent events. */
export function isEventStream({ produces }: Operation): boolean {
  return produces.includes("text/event-stream");
}

/** Names of a path's parameters, in order. */
export function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!);
}

/** The path with its parameters filled in; undefined where one is missing. */
export function filledPath(path: string, values: Readonly<Record<string, string>>): string | undefined {
  if (parametersOf(path).some((name) => values[name] === undefined)) return undefined;
  return path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    values[name] === tenantPlaceholder ? tenantPlaceholder : encodeURIComponent(values[name]!),
  );
}

function queryOf(document: ApiDocument, parameter: Json): QueryParameter {
  return {
    name: String(parameter.name),
    isRequired: parameter.required === true,
    schema: document.resolve(parameter.schema),
    example: parameter.example ?? firstExample(document, parameter.examples),
  };
}

function bodyOf(document: ApiDocument, operation: Json): Operation["body"] {
  const { content } = document.resolve(operation.requestBody) as { content?: Json };
  const type = Object.keys(content ?? {}).find((name) => /^application\/([\w.+-]*\+)?json/.test(name));
  if (!type) return undefined;
  const media = document.resolve(content![type]);
  return {
    schema: document.resolve(media.schema),
    example: media.example ?? firstExample(document, media.examples),
  };
}

function producedBy(document: ApiDocument, { responses }: Json): string[] {
  return Object.entries(isObject(responses) ? responses : {}).flatMap(([status, response]) => {
    const { content } = document.resolve(response);
    return status.startsWith("2") && isObject(content) ? Object.keys(content) : [];
  });
}

function firstExample(document: ApiDocument, examples: unknown): unknown {
  if (!isObject(examples)) return undefined;
  const [first] = Object.values(examples);
  return document.resolve(first).value;
}

/** An empty list of requirements, or one that is empty itself, asks for nothing. */
function isOpen(security: unknown): boolean {
  return (
    Array.isArray(security) &&
    (security.length === 0 || security.some((each) => isObject(each) && Object.keys(each).length === 0))
  );
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
