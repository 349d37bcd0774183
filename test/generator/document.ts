import type { GeneratedApi, Resource } from "./description.js";
import { spell } from "./fields.js";
import { type Operation, operationsOf } from "./operations.js";
import { objectSchema, pathParameter, writeSchema } from "./schemas.js";
import { filtersOf } from "./server/filters.js";
import { includesOf } from "./server/includes.js";
import { pagingParameters } from "./server/paging.js";
import { capitalised } from "./words.js";

type Json = Record<string, unknown>;

/** The API's OpenAPI document, as its makers would publish it: true, and not complete. */
export function documentOf(api: GeneratedApi, url: string): object {
  const paths: Record<string, Json> = {};
  for (const operation of operationsOf(api)) {
    paths[operation.path] ??= {};
    paths[operation.path]![operation.method.toLowerCase()] = describe(api, operation);
  }
  const { header, scheme } = api.token;
  const security = scheme
    ? { type: "http", scheme: scheme.toLowerCase() }
    : { type: "apiKey", in: "header", name: header };
  const schemas = api.resources.flatMap((resource) => [
    [capitalised(resource.singular), objectSchema(api, resource)],
    [`${capitalised(resource.singular)}Input`, writeSchema(api, resource)],
  ]);
  return {
    openapi: api.openapi,
    info: { title: `Generated ${api.seed}`, version: "1.0.0" },
    servers: [{ url }],
    security: [{ token: [] }],
    paths,
    components: { securitySchemes: { token: security }, schemas: Object.fromEntries(schemas) },
  };
}

function describe(api: GeneratedApi, operation: Operation): Json {
  const { resource, kind } = operation;
  const isQueryRequired = kind === "availability";
  const names = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!);
  const parameters = [
    ...names.map((name) => pathParameter(api, operation, name)),
    ...(api.tenancy.header
      ? [
          {
            name: api.tenancy.header,
            in: "header",
            required: api.tenancy.whenMissing === "refused",
            schema: { type: "string", format: "uuid" },
          },
        ]
      : []),
    ...(api.subScope && operation.resource?.isUnitScoped
      ? [
          {
            name: api.subScope.header,
            in: "header",
            required: false,
            schema: { type: "string", format: "uuid" },
          },
        ]
      : []),
    ...queryOf(api, operation).map(([name, schema]) => ({
      name,
      in: "query",
      required: isQueryRequired,
      schema,
    })),
  ];
  const body = bodyOf(api, operation);
  return {
    operationId: [kind, resource?.singular].filter(Boolean).join("-"),
    ...(resource ? { tags: [resource.plural] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: true, content: { [bodyType(api, operation)]: { schema: body } } } }
      : {}),
    responses: responsesOf(api, operation),
  };
}

function queryOf(api: GeneratedApi, { kind, resource }: Operation): [string, Json][] {
  if (!resource) return [];
  const text = { type: "string" };
  const includes = includesOf(api, resource);
  const include: [string, Json][] =
    includes.length > 0 ? [["include", { type: "string", enum: includes }]] : [];
  if (kind === "read") return include;
  if (kind === "availability") return [[spell(api, resource.uniqueField!), text]];
  if (kind !== "list") return [];
  const paging = pagingParameters[api.pagination];
  const isPlace = api.pagination === "cursor" || api.pagination === "starting-after";
  const sorting = resource.fields
    .filter((field) => field.kind !== "references")
    .flatMap(({ name }) => [spell(api, name), `-${spell(api, name)}`]);
  return [
    ...(paging
      ? ([
          [paging[0], isPlace ? text : { type: "integer" }],
          [paging[1], { type: "integer", maximum: 100 }],
        ] as [string, Json][])
      : []),
    ...(resource.search ? ([["q", text]] as [string, Json][]) : []),
    ...filtersOf(api, resource).map(({ parameter, field }): [string, Json] => [
      parameter,
      field.kind === "enum" ? { type: "string", enum: field.choices } : text,
    ]),
    ...(resource.sorts ? ([["sort", { type: "string", enum: sorting }]] as [string, Json][]) : []),
    ...include,
  ];
}

function bodyType(api: GeneratedApi, { kind }: Operation): string {
  return api.wrapsBodies && (kind === "create" || kind === "update")
    ? "application/vnd.api+json"
    : "application/json";
}

function bodyOf(api: GeneratedApi, { kind, resource }: Operation): Json | undefined {
  switch (kind) {
    case "create":
    case "update": {
      const input = { $ref: `#/components/schemas/${capitalised(resource!.singular)}Input` };
      return api.wrapsBodies ? wrapped(resource!, input) : input;
    }
    case "bulk":
      return bulkBody(api, resource!);
    case "export-job": {
      const choices = api.resources.filter(({ parent }) => !parent).map(({ plural }) => plural);
      return object({ resource: { type: "string", enum: choices } }, ["resource"]);
    }
    case "webhook-create":
      return object({ url: { type: "string", format: "uri" } }, ["url"]);
    default:
      return undefined;
  }
}

function wrapped({ plural }: Resource, attributes: Json): Json {
  const data = object({ type: { type: "string", enum: [plural] }, attributes }, ["type", "attributes"]);
  return object({ data }, ["data"]);
}

function bulkBody(api: GeneratedApi, { idKind, bulk, title }: Resource): Json {
  const isNumber = idKind === "serial" || idKind === "tenant-serial";
  const ids = { type: "array", items: { type: isNumber ? "integer" : "string" }, minItems: 1, maxItems: 100 };
  if (bulk !== "update") return object({ ids }, ["ids"]);
  const changes = object({ [spell(api, title)]: { type: "string", maxLength: 60 } }, [spell(api, title)]);
  return object({ ids, changes }, ["ids", "changes"]);
}

function object(properties: Json, required: string[]): Json {
  return { type: "object", properties, required };
}

function responsesOf(api: GeneratedApi, { kind, resource }: Operation): Json {
  const described = (description: string, content?: Json) => ({
    description,
    ...(content ? { content } : {}),
  });
  const json = (schema: Json) => ({
    [api.envelope === "json-api" ? "application/vnd.api+json" : "application/json"]: { schema },
  });
  switch (kind) {
    case "delete":
    case "webhook-delete":
      return { 204: described("Deleted") };
    case "export":
    case "export-file":
      return { 200: described("A file", { "text/csv": { schema: { type: "string" } } }) };
    case "events":
      return { 200: described("What changes", { "text/event-stream": { schema: { type: "string" } } }) };
    case "export-job":
      return {
        202: described(
          "Started",
          json(object({ id: { type: "string" }, status: { type: "string" } }, ["id"])),
        ),
      };
    case "webhook-create":
      return { 201: described("Subscribed", json(object({ id: { type: "string" } }, ["id"]))) };
    case "create": {
      const { status, answers } = resource!.creation;
      const isTold = api.documentsAnswers && answers === "object";
      return { [status]: described("Created", isTold ? json(answerSchema(api, resource!)) : undefined) };
    }
    case "read":
    case "update":
    case "lookup":
    case "action":
      return {
        200: described(
          "Done",
          json(api.documentsAnswers ? answerSchema(api, resource!) : { type: "object" }),
        ),
      };
    default:
      return { 200: described("Done", json({})) };
  }
}

function answerSchema(api: GeneratedApi, resource: Resource): Json {
  const one = { $ref: `#/components/schemas/${capitalised(resource.singular)}` };
  if (api.envelope === "data") return object({ data: one }, ["data"]);
  if (api.envelope !== "json-api") return one;
  const id = { type: "string" };
  return object({ data: object({ id, type: { type: "string" }, attributes: one }, ["id", "type"]) }, [
    "data",
  ]);
}
