import { tenantPlaceholder } from "../actor.js";
import { parametersOf } from "./operations.js";

/** The parameters of a path that name the tenant: each caller fills in its own. */
export function tenantParameters(path: string, tenantFields: readonly string[]): Record<string, string> {
  const names = parametersOf(path).filter((name) => isTenantParameter(name, tenantFields));
  return Object.fromEntries(names.map((name) => [name, tenantPlaceholder]));
}

/** The parameters of a path that name objects, in order: all but those that name the tenant. */
export function objectParameters(path: string, tenantFields: readonly string[]): string[] {
  return parametersOf(path).filter((name) => !isTenantParameter(name, tenantFields));
}

/** The path with the caller's own tenant in the place of those parameters; others stay. */
export function withTenant(path: string, tenantFields: readonly string[]): string {
  const names = Object.keys(tenantParameters(path, tenantFields));
  return names.reduce((filled, name) => filled.replaceAll(`{${name}}`, tenantPlaceholder), path);
}

/** `tenantId`, `org`, `workspace_slug`, or a field that config names. */
function isTenantParameter(name: string, tenantFields: readonly string[]): boolean {
  return (
    tenantFields.includes(name) || /^(tenant|org|organi[sz]ation|workspace)([-_]?(id|slug|key))?$/i.test(name)
  );
}
