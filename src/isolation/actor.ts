import type { HttpRequest } from "../adapters/http/message.js";

/** A tenant as the API knows it, and the token of one of its users. */
export interface Actor {
  /** `a`, `b`… as config and environment name it. */
  readonly name: string;
  readonly tenantId: string;
  /** Undefined where only the tenant's id is known. */
  readonly token: string | undefined;
}

/** How a request says who calls, and for which tenant. */
export interface Binding {
  /** `Authorization`, or a header of the application's own. */
  readonly tokenHeader: string;
  /** `Bearer`; empty where the token stands alone. */
  readonly tokenScheme: string;
  /** Undefined where the token alone tells the tenant. */
  readonly tenantHeader: string | undefined;
}

/** One request of the API, before anybody in particular sends it. */
export interface Call {
  readonly method: string;
  /** Absolute; `{tenant}` in it stands for the id of the tenant that calls. */
  readonly url: string;
  /** What other names in braces stand for, by the name of who calls: `{projectId}` is each one's own project. */
  readonly own?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly body?: unknown;
}

/** What a probe changes about a request; an empty list leaves a header out, several values are several lines. */
export interface Variation {
  readonly tenant?: readonly string[];
  /** Tenant in place of the own one where the URL has `{tenant}`. */
  readonly pathTenant?: string;
  readonly isAnonymous?: boolean;
  readonly query?: Readonly<Record<string, string>>;
  /** Beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a URL names the tenant: in its path, or in its host. */
export const tenantPlaceholder = "{tenant}";

/** A URL with a tenant in the place that is kept for one. */
export function urlFor(url: string, tenantId: string): string {
  return url.replaceAll(tenantPlaceholder, encodeURIComponent(tenantId));
}

/** The request that an actor sends. Pure. */
export function requestOf(
  actor: Actor,
  call: Call,
  binding: Binding,
  variation: Variation = {},
): HttpRequest {
  const url = new URL(urlFor(ownUrl(call, actor), variation.pathTenant ?? actor.tenantId));
  for (const [name, value] of Object.entries(variation.query ?? {})) url.searchParams.set(name, value);
  const tenant = variation.tenant ?? [actor.tenantId];
  const token = variation.isAnonymous ? undefined : actor.token;
  return {
    method: call.method,
    url: url.href,
    headers: {
      accept: "application/json, */*;q=0.5",
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "tenantctl",
      ...(token === undefined ? {} : { [binding.tokenHeader]: withScheme(token, binding.tokenScheme) }),
      ...(binding.tenantHeader && tenant.length ? { [binding.tenantHeader]: tenant } : {}),
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...variation.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
}

function ownUrl({ url, own }: Call, { name }: Actor): string {
  return Object.entries(own?.[name] ?? {}).reduce((filled, [parameter, value]) => {
    const text = value === tenantPlaceholder ? value : encodeURIComponent(value);
    return filled.replaceAll(`{${parameter}}`, text);
  }, url);
}

/** A token that brings its own scheme keeps it. */
function withScheme(token: string, scheme: string): string {
  return scheme === "" || /^\S+ \S/.test(token) ? token : `${scheme} ${token}`;
}
