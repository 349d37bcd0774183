import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { GeneratedApi, Resource } from "../description.js";
import { drawValue, newId, spell } from "../fields.js";
import { randomOf } from "../random.js";
import { pagingParameters } from "../server/paging.js";
import type { Client, Received, Sent } from "./client.js";

type Json = Record<string, unknown>;

/** An object that a test created. */
export interface Made {
  readonly resource: Resource;
  readonly id: string;
  /** Every id of its path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly title: string;
  /** As they were sent, under the names on the wire. */
  readonly values: Readonly<Json>;
}

export interface Wish {
  /** Over the values that are drawn, under the names on the wire. */
  readonly values?: Json;
  readonly parent?: Made | undefined;
  readonly headers?: Sent["headers"];
}

/** Reads see a write only after this many milliseconds. */
export function settled({ noise }: GeneratedApi): Promise<void> {
  return sleep(noise.lag === 0 ? 0 : noise.lag + 50);
}

/** A body that the API takes from this caller; what it refers to is created first. */
export async function bodyFor(client: Client, resource: Resource, wished: Json = {}): Promise<Json> {
  const { api } = client;
  const values: Json = {};
  const random = randomOf(randomUUID());
  for (const field of resource.fields) {
    const name = spell(api, field.name);
    if (field.target !== undefined) {
      if (wished[name] !== undefined) continue;
      const target = await make(client, api.resources.find(({ singular }) => singular === field.target)!);
      values[name] = field.kind === "references" ? [target.id] : target.id;
    } else values[name] = drawValue(field, random, false);
  }
  if (resource.hasCategory) values[spell(api, "categoryId")] = 1;
  return { ...values, ...wished };
}

/** What goes over the wire: JSON:API wraps it. */
export function wrapped({ wrapsBodies }: GeneratedApi, { plural }: Resource, attributes: Json): Json {
  return wrapsBodies ? { data: { type: plural, attributes } } : attributes;
}

export interface Attempt {
  readonly received: Received;
  /** Undefined where nothing was created. */
  readonly made: Made | undefined;
}

export async function tryToMake(client: Client, resource: Resource, wish: Wish = {}): Promise<Attempt> {
  const { api } = client;
  const parent = resource.parent ? (wish.parent ?? (await make(client, resource.parent))) : undefined;
  const values = await bodyFor(client, resource, wish.values);
  const above = parent ? { ...parent.parameters, [`${parent.resource.singular}Id`]: parent.id } : {};
  const received = await client.send("create", resource, {
    parameters: above,
    body: wrapped(api, resource, values),
    ...(wish.headers ? { headers: wish.headers } : {}),
  });
  const id = received.status === resource.creation.status ? idIn(received) : undefined;
  await settled(api);
  const title = String(values[spell(api, resource.title)]);
  const parameters = { ...above, [resource.idParameter]: id ?? "" };
  return { received, made: id === undefined ? undefined : { resource, id, parameters, title, values } };
}

/** @throws Error where the API does not create it. */
export async function make(client: Client, resource: Resource, wish: Wish = {}): Promise<Made> {
  const { made, received } = await tryToMake(client, resource, wish);
  if (made) return made;
  throw new Error(`no ${resource.singular} was created: ${received.status} ${received.text}`);
}

function idIn({ json, headers }: Received): string | undefined {
  const object = json as { id?: unknown; data?: { id?: unknown } } | undefined;
  const said = object?.data?.id ?? object?.id;
  if (said !== undefined) return String(said);
  return headers.get("location")?.replace(/\/$/, "").split("/").at(-1);
}

/** The object of an answer, out of its envelope. */
export function objectIn(api: GeneratedApi, { json }: Received): Json {
  const outer = (json ?? {}) as Json;
  if (api.envelope !== "data" && api.envelope !== "json-api") return outer;
  return attributesOf((outer.data ?? {}) as Json);
}

function attributesOf(object: Json): Json {
  const { attributes, ...rest } = object as { attributes?: Json };
  return attributes ? { ...rest, ...attributes } : object;
}

/** The rows of a list's answer, out of its envelope. */
export function rowsIn({ plural }: Resource, { json }: Received): Json[] {
  if (Array.isArray(json)) return json;
  const outer = (json ?? {}) as { items?: Json[]; data?: Json[]; _embedded?: Record<string, Json[]> };
  const rows = outer.items ?? outer.data ?? outer._embedded?.[plural] ?? [];
  return Array.isArray(rows) ? rows.map(attributesOf) : [];
}

/** What stands beside the rows: totals and the way to the next page. */
export function figuresIn(api: GeneratedApi, { json }: Received): Json {
  const outer = (json ?? {}) as Json;
  return api.envelope === "data" || api.envelope === "json-api" ? ((outer.meta ?? {}) as Json) : outer;
}

const mostPages = 60;

/** Every row of every page. */
export async function listAll(client: Client, resource: Resource, sent: Sent = {}): Promise<Json[]> {
  const { api } = client;
  const all: Json[] = [];
  let query: Readonly<Record<string, string>> | undefined = { ...sent.query };
  for (let page = 0; query && page < mostPages; page += 1) {
    const received = await client.send("list", resource, { ...sent, query });
    const rows = rowsIn(resource, received);
    all.push(...rows);
    const next = nextPlace(api, received, rows, page);
    query = next === undefined ? undefined : { ...sent.query, [pagingParameters[api.pagination]![0]]: next };
  }
  return all;
}

function nextPlace(api: GeneratedApi, received: Received, rows: Json[], page: number): string | undefined {
  const figures = figuresIn(api, received);
  switch (api.pagination) {
    case "none":
      return undefined;
    case "cursor": {
      const cursor = figures.nextCursor ?? figures.next_cursor;
      return cursor ? String(cursor) : undefined;
    }
    case "starting-after":
      return rows.length < api.pageSize ? undefined : String(rows.at(-1)!.id);
    case "link-header":
      return received.headers.has("link") ? String(page + 2) : undefined;
    case "offset":
      return rows.length < api.pageSize ? undefined : String((page + 1) * api.pageSize);
    default:
      return rows.length < api.pageSize
        ? undefined
        : String(page + (api.pagination === "page-from-0" ? 1 : 2));
  }
}

export function titlesOf(api: GeneratedApi, resource: Resource, rows: readonly Json[]): string[] {
  return rows.map((row) => String(row[spell(api, resource.title)]));
}

export function unknownId({ idKind, singular }: Resource): string {
  return String(newId(idKind, singular, 987_654, randomOf(randomUUID())));
}

/** The object as its owner reads it; undefined where it is gone. */
export async function reread(owner: Client, { resource, parameters }: Made): Promise<Json | undefined> {
  await settled(owner.api);
  const received = await owner.send("read", resource, { parameters });
  const object = objectIn(owner.api, received);
  const isThere = received.status === 200 && object.id !== undefined;
  return isThere && !object[spell(owner.api, "deletedAt")] ? object : undefined;
}

/** Changes the title of an object; the rest stays valid for whoever sends it. */
export async function retitle(client: Client, made: Made, title: string, more: Json = {}): Promise<Received> {
  const { api } = client;
  const { resource, parameters } = made;
  const changed = { [spell(api, resource.title)]: title, ...more };
  const values = resource.update === "PUT" ? await bodyFor(client, resource, changed) : changed;
  return client.send("update", resource, { parameters, body: wrapped(api, resource, values) });
}
