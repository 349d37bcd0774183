import type { HttpRequest } from "../adapters/http/message.js";
import { type Actor, type Binding, requestOf, tenantPlaceholder } from "../isolation/index.js";
import { filled, filledText, type Values } from "./template.js";
import type { RequestTemplate } from "./workflow.js";

/** Where requests go, and how they say who calls. */
export interface Target {
  /** Absolute, without a slash at its end. */
  readonly baseUrl: string;
  readonly binding: Binding;
}

/** Whose token a request bears. */
export interface Sender {
  readonly actor: Actor;
  readonly isAnonymous: boolean;
  /** Tenant in place of the sender's own one where the path has `{tenant}`. */
  readonly pathTenant?: string;
}

/**
 * The request of a template, as it is sent. A body that is a text is sent as it stands, any other as JSON.
 *
 * @throws UnknownPlaceholder where a value is missing.
 */
export function requestFrom(
  template: Omit<RequestTemplate, "headers"> & Partial<Pick<RequestTemplate, "headers">>,
  { actor, isAnonymous, pathTenant }: Sender,
  values: Values,
  { baseUrl, binding }: Target,
): HttpRequest {
  const url = `${baseUrl}${filledPath(template.path, values)}`;
  const query = Object.fromEntries(
    Object.entries(template.query).map(([name, value]) => [name, String(filled(value, values))]),
  );
  const body = filled(template.body, values);
  const isText = typeof body === "string";
  const variation = { isAnonymous, query, ...(pathTenant === undefined ? {} : { pathTenant }) };
  const call = { method: template.method, url, ...(body === undefined || isText ? {} : { body }) };
  const request = requestOf(actor, call, binding, variation);
  const headers = withHeaders(request.headers, template.headers ?? {}, values);
  return { ...request, headers, ...(isText ? { body } : {}) };
}

/** A path with its placeholders filled in, but for the tenant's: that is the sender's. */
export function filledPath(path: string, values: Values): string {
  const open = new Map([...values, ["tenant", tenantPlaceholder]]);
  return filledText(path, open, (value) => (value === tenantPlaceholder ? value : encodeURIComponent(value)));
}

/** HTTP's names are the same in upper and lower case. */
function withHeaders(
  usual: HttpRequest["headers"],
  own: RequestTemplate["headers"],
  values: Values,
): HttpRequest["headers"] {
  const named = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const kept = Object.entries(usual).filter(([name]) => !named.has(name.toLowerCase()));
  const added = Object.entries(own).flatMap(([name, value]) =>
    value === null ? [] : [[name, filledText(value, values)] as const],
  );
  return Object.fromEntries([...kept, ...added]);
}
