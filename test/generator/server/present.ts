import { randomUUID } from "node:crypto";
import type { GeneratedApi, Resource } from "../description.js";
import { spell } from "../fields.js";
import type { Page } from "./paging.js";
import type { Answer, ServerState } from "./state.js";
import type { Row, Values } from "./store.js";

type Json = Record<string, unknown>;

/** An object as answers hold it, before any envelope. */
export function present(api: GeneratedApi, resource: Resource, row: Row, values: Values): Json {
  const { tenancy, subScope, noise } = api;
  const entries: [string, unknown][] = [["id", row.id], ...Object.entries(values)];
  if (resource.parent && row.parent) entries.push([`${resource.parent.singular}Id`, row.parent.id]);
  if (tenancy.isInRows) entries.push([tenancy.field, row.tenant]);
  if (subScope && row.unit !== undefined) entries.push([subScope.field, row.unit]);
  if (noise.timestamps) entries.push(["servedAt", new Date().toISOString()]);
  return Object.fromEntries(entries.map(([name, value]) => [spell(api, name), value]));
}

/** One object in the API's envelope. `included` are the objects of its includes, by their names. */
export function wrapOne(state: ServerState, resource: Resource, object: Json, included: Json = {}): unknown {
  const { api } = state;
  const meta = metaOf(state);
  switch (api.envelope) {
    case "data":
      return { data: { ...object, ...included }, ...meta };
    case "hal":
      return {
        ...object,
        ...embedded(included),
        _links: { self: { href: `${resource.plural}/${object.id}` } },
        ...meta,
      };
    case "json-api":
      return {
        data: jsonApiObject(resource.plural, object),
        ...sideLoaded([included]),
        ...jsonApiMeta(meta),
      };
    default:
      return { ...object, ...included, ...meta };
  }
}

/** A page of objects in the API's envelope, with the way to the next one. */
export function wrapList(
  state: ServerState,
  resource: Resource,
  objects: readonly { readonly object: Json; readonly included: Json }[],
  page: Page,
): Pick<Answer, "body" | "headers"> {
  const { api } = state;
  const merged = objects.map(({ object, included }) => ({ ...object, ...included }));
  const headers = page.linkHeader ? { headers: { link: page.linkHeader } } : {};
  const figures = { total: page.total, ...page.next };
  const meta = metaOf(state);
  switch (api.envelope) {
    case "array":
      return { body: merged, ...headers };
    case "items":
      return { body: { items: merged, ...figures, ...meta }, ...headers };
    case "data":
      return { body: { data: merged, meta: { ...figures, ...meta } }, ...headers };
    case "hal": {
      const links = { self: { href: page.self }, ...(page.nextUrl ? { next: { href: page.nextUrl } } : {}) };
      const rows = objects.map(({ object, included }) => ({ ...object, ...embedded(included) }));
      return {
        body: { _embedded: { [resource.plural]: rows }, _links: links, ...figures, ...meta },
        ...headers,
      };
    }
    case "json-api":
      return {
        body: {
          data: objects.map(({ object }) => jsonApiObject(resource.plural, object)),
          ...sideLoaded(objects.map(({ included }) => included)),
          links: { self: page.self, ...(page.nextUrl ? { next: page.nextUrl } : {}) },
          meta: { ...figures, ...meta },
        },
        ...headers,
      };
  }
}

function metaOf({ api: { noise } }: ServerState): Json {
  return {
    ...(noise.requestIds ? { requestId: randomUUID() } : {}),
    ...(noise.timestamps ? { generatedAt: new Date().toISOString() } : {}),
  };
}

function jsonApiMeta(meta: Json): Json {
  return Object.keys(meta).length === 0 ? {} : { meta };
}

function jsonApiObject(type: string, { id, ...attributes }: Json): Json {
  return { type, id: String(id), attributes };
}

function embedded(included: Json): Json {
  return Object.keys(included).length === 0 ? {} : { _embedded: included };
}

function sideLoaded(included: readonly Json[]): Json {
  const all = included.flatMap((each) =>
    Object.entries(each).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value])
        .filter((one): one is Json => one !== null && typeof one === "object")
        .map((one) => jsonApiObject(name, one)),
    ),
  );
  return all.length === 0 ? {} : { included: all };
}
