import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import type { Method } from "./http/router.js";

type Schema = Record<string, unknown>;
type Answer = { $ref?: string; content?: Record<string, { schema: Schema }> };
type Operation = { responses: Record<string, Answer> };

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

const document = parse(readFileSync(new URL("./openapi.yaml", import.meta.url), "utf8")) as {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Answer> };
};

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(document, "pawchart");

/** `GET /clients/{id}` and so on, as the OpenAPI document lists them. */
export function documentedRoutes(): string[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/**
 * What is wrong with an answer by the OpenAPI document, undefined when nothing is.
 * 401 and 405 are not documented for each route and pass.
 */
export function faultOfAnswer(
  method: Method,
  path: string,
  status: number,
  body: unknown,
): string | undefined {
  if (status === 401 || status === 405) return undefined;
  const answer = document.paths[path]?.[method.toLowerCase()]?.responses[status];
  if (answer === undefined) return `${method} ${path} has no ${status} in the document`;
  const named = answer.$ref?.split("/").at(-1);
  const full = named === undefined ? answer : document.components.responses[named];
  const schema = full?.content?.["application/json"]?.schema;
  if (schema === undefined) return undefined;
  const validate = ajv.compile(absolute(schema));
  return validate(body)
    ? undefined
    : `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`;
}

/** The schema with its `#/…` references pointing into the document. */
function absolute(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"pawchart#/'));
}
