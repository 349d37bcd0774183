import type { Field, GeneratedApi, IdKind, Resource } from "./description.js";
import { codePattern, drawValue, spell } from "./fields.js";
import type { Operation } from "./operations.js";
import { randomOf } from "./random.js";
import { categoryNumbers } from "./server/input.js";

type Json = Record<string, unknown>;

const idSchemas: Readonly<Record<IdKind, Json>> = {
  uuid: { type: "string", format: "uuid" },
  serial: { type: "integer" },
  "tenant-serial": { type: "integer" },
  "object-id": { type: "string", pattern: "^[0-9a-f]{24}$" },
  nanoid: { type: "string" },
  prefixed: { type: "string" },
};

/** What a create and an update take. */
export function writeSchema(api: GeneratedApi, resource: Resource): Json {
  const { fields, hasCategory } = resource;
  const properties = Object.fromEntries(
    fields.map((field) => [spell(api, field.name), fieldSchema(api, field)]),
  );
  const category = hasCategory
    ? { [spell(api, "categoryId")]: { type: "integer", enum: categoryNumbers } }
    : {};
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => spell(api, name));
  return { type: "object", required, properties: { ...properties, ...category } };
}

/** What answers hold: the same, and what the server adds. */
export function objectSchema(api: GeneratedApi, resource: Resource): Json {
  const { properties } = writeSchema(api, resource) as { properties: Json };
  const { tenancy, subScope } = api;
  const readOnly = { type: "string", readOnly: true };
  return {
    type: "object",
    properties: {
      id: { ...idSchemas[resource.idKind], readOnly: true },
      ...properties,
      status: readOnly,
      ...(tenancy.isInRows ? { [spell(api, tenancy.field)]: readOnly } : {}),
      ...(subScope && resource.isUnitScoped ? { [spell(api, subScope.field)]: readOnly } : {}),
    },
  };
}

function fieldSchema(api: GeneratedApi, field: Field): Json {
  const idOf = (singular: string | undefined) =>
    idSchemas[api.resources.find((resource) => resource.singular === singular)!.idKind];
  const example = api.documentsExamples
    ? drawValue(field, randomOf(api.seed, "example", field.name), false)
    : undefined;
  const told = example === undefined ? {} : { example };
  switch (field.kind) {
    case "text":
      return { type: "string", maxLength: field.maxLength, ...told };
    case "number":
      return { type: "number", minimum: 0, ...told };
    case "enum":
      return { type: "string", enum: field.choices };
    case "date":
      return { type: "string", format: "date", ...told };
    case "email":
      return { type: "string", format: "email", ...told };
    case "code":
      return { type: "string", pattern: codePattern.source, ...told };
    case "reference":
      return idOf(field.target);
    case "references":
      return { type: "array", items: idOf(field.target) };
  }
}

/** A name between braces of a path. */
export function pathParameter(api: GeneratedApi, { resource }: Operation, name: string): Json {
  const chain = [resource, resource?.parent].filter((each) => each !== undefined);
  const named = chain.find((each) => each.idParameter === name || `${each.singular}Id` === name);
  const isKey = resource?.uniqueField !== undefined && name === spell(api, resource.uniqueField);
  const schema = isKey || !named ? { type: "string" } : idSchemas[named.idKind];
  return { name, in: "path", required: true, schema };
}
