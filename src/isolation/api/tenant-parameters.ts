import { tenantPlaceholder } from "../actor.js";
import { parametersOf } from "./operations.js";

/** The parameters of a path that name the tenant: each caller fills in its own. */
export function tenantParameters(path: string, tenantFields: readonly string[]): Record<string, string> {
  const names = parametersOf(path).filter((name) => isTenantParameter(name, tenantFields));
  return Object.fromEntries(names.map((name) => [name, tenantPlaceholder]));
}

/** `tenantId`, `org`, `workspace_slug`, or a field that config names. */
function isTenantParameter(name: string, tenantFields: readonly string[]): boolean {
  return (
    tenantFields.includes(name) || /^(tenant|org|organi[sz]ation|workspace)([-_]?(id|slug|key))?$/i.test(name)
  );
}
