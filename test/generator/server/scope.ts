import type { LeakRule } from "../description.js";
import { spell } from "../fields.js";
import { refuse } from "./refusals.js";
import { type Answer, type Call, leaks, type ServerState, type Tenant } from "./state.js";
import { everyTenant, type Scope } from "./store.js";

type Resolution = { readonly scope: Scope } | { readonly refusal: Answer };

/** Whose data a request may touch, from its token, header and path; or why it is refused. */
export function scopeOf(state: ServerState, call: Call): Resolution {
  const caller = callerOf(state, call);
  if (!caller) return anonymous(state, call);
  const named = tenantOf(state, call, caller.tenant);
  if ("refusal" in named) return named;
  const { tenant } = named.scope;
  return unitOf(state, call, { ...named.scope, unit: tenant === caller.tenant.id ? caller.unit : undefined });
}

function callerOf({ api, tenants }: ServerState, { headers }: Call) {
  const { header, scheme } = api.token;
  const said = String(headers[header.toLowerCase()] ?? "");
  const token =
    scheme === "" ? said : said.startsWith(`${scheme} `) ? said.slice(scheme.length + 1) : undefined;
  for (const tenant of tenants) {
    if (tenant.token === token) return { tenant, unit: tenant.units[0]?.id };
    const unit = tenant.units.find((each) => each.token === token);
    if (unit) return { tenant, unit: unit.id };
  }
  return undefined;
}

/** A route that nobody put behind the sign-in serves whom the request names, or everybody. */
function anonymous(state: ServerState, call: Call): Resolution {
  const { kind, resource } = call.operation;
  const isOpen =
    (kind === "list" && planted(state, call, "isolation/tenant-missing", "no token, list")) ||
    (kind === "read" && planted(state, call, "isolation/tenant-missing", "no token, object")) ||
    (kind === "export-file" && leaks(state, "isolation/export", "file without a token"));
  if (!isOpen || (kind !== "export-file" && !resource))
    return { refusal: refuse(state, 401, "Sign in first") };
  const named = call.parameters.tenantId ?? headerOf(state, call);
  return { scope: { tenant: named || everyTenant, unit: undefined } };
}

function headerOf({ api }: ServerState, { headers }: Call): string | undefined {
  const value = api.tenancy.header && headers[api.tenancy.header.toLowerCase()];
  return value === undefined ? undefined : String(value);
}

function planted(state: ServerState, { operation }: Call, rule: LeakRule, variant: string): boolean {
  return operation.resource !== undefined && leaks(state, rule, variant, operation.resource);
}

function tenantOf(state: ServerState, call: Call, own: Tenant): Resolution {
  const { api } = state;
  const scope = (tenant: string): Resolution => ({ scope: { tenant, unit: undefined } });
  if (api.tenancy.by === "path") {
    const named = call.parameters.tenantId!;
    if (named === own.id || leaks(state, "isolation/tenant-override", "path wins over the token"))
      return scope(named);
    // The gate says 403 even where all else says 404: tenantctl holds another status against it.
    return { refusal: { ...refuse(state, 403, "Not your tenant"), status: 403 } };
  }
  const kind = call.operation.kind;
  const asked = call.query.get(spell(api, api.tenancy.field));
  const isRead = kind === "list" || kind === "read";
  if (asked && isRead && planted(state, call, "isolation/tenant-override", "query wins over the token"))
    return scope(asked);
  return api.tenancy.by === "claim" ? scope(own.id) : tenantOfHeader(state, call, own);
}

function tenantOfHeader(state: ServerState, call: Call, own: Tenant): Resolution {
  const { whenMissing, whenForeign, header } = state.api.tenancy;
  const scope = (tenant: string): Resolution => ({ scope: { tenant, unit: undefined } });
  const { kind } = call.operation;
  const missing = (variant: string) =>
    kind === "list" && planted(state, call, "isolation/tenant-missing", variant);
  const named = headerOf(state, call);
  if (named === undefined && missing("no header")) return scope(everyTenant);
  if (named?.trim() === "" && missing("empty header")) return scope(everyTenant);
  if (named === undefined || named.trim() === "")
    return whenMissing === "claim" ? scope(own.id) : { refusal: refuse(state, 400, `${header} is missing`) };
  if (named === own.id || leaks(state, "isolation/tenant-override", "header wins over the token"))
    return scope(named);
  // Node joins the lines of one header with a comma.
  const values = named.split(",").map((each) => each.trim());
  if (values.includes(own.id) && missing("the last of several headers")) return scope(values.at(-1)!);
  if (kind === "create" && planted(state, call, "isolation/create-into-tenant", "tenant of the header"))
    return { scope: { tenant: own.id, unit: undefined, stampedAs: { tenant: named, unit: undefined } } };
  return whenForeign === "ignored"
    ? scope(own.id)
    : { refusal: refuse(state, 403, `${header} is not your tenant`) };
}

/** A user belongs to one unit; the header may name that one only. */
function unitOf(state: ServerState, call: Call, own: Scope): Resolution {
  const { api, tenants } = state;
  const named = api.subScope && call.headers[api.subScope.header.toLowerCase()];
  if (!api.subScope || named === undefined || named === "" || named === own.unit) return { scope: own };
  const unit = String(named);
  const { kind } = call.operation;
  const owner = tenants.find(({ units }) => units.some(({ id }) => id === unit));
  const isRead = kind === "list" || kind === "read";
  const isOwn = owner?.id === own.tenant;
  const isOpen =
    (isRead && !isOwn && planted(state, call, "isolation/sub-scope", "unit of another tenant")) ||
    (isRead && isOwn && planted(state, call, "isolation/sub-scope", "another unit of the tenant"));
  if (owner && isOpen) return { scope: { tenant: owner.id, unit } };
  const isStamped =
    kind === "create" &&
    !isOwn &&
    planted(state, call, "isolation/sub-scope", "creation in a unit of another tenant");
  if (owner && isStamped) return { scope: { ...own, stampedAs: { tenant: owner.id, unit } } };
  return {
    refusal: refuse(state, 403, isOwn ? "Not your unit" : "The unit does not belong to your tenant"),
  };
}
