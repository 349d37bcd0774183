import {
  BUSINESS_UNIT_SCOPED_MODELS,
  GLOBAL_MODELS,
  TENANT_SCOPED_MODELS,
} from "../config/tenant-model-registry.js";
import type { RequestContext } from "../context/request-context.js";
import type { Fields } from "./call.js";
import { PARENT_RELATIONS } from "./relations.js";

const includes = (models: readonly string[], model: string) => models.includes(model);

export const isGlobal = (model: string) => includes(GLOBAL_MODELS, model);

/** The rows of a model that a request may see, as a Prisma filter. */
export function scopeOf(model: string, context: RequestContext): Fields {
  if (model === "Tenant") return { id: context.tenantId };
  const parent = PARENT_RELATIONS[model];
  if (parent) return { [parent.field]: scopeOf(parent.model, context) };
  return ownColumns(model, context);
}

/** The columns that every row written by a request carries. */
export function ownColumns(model: string, { tenantId, businessUnitId }: RequestContext): Fields {
  if (includes(TENANT_SCOPED_MODELS, model)) return { tenantId };
  if (!includes(BUSINESS_UNIT_SCOPED_MODELS, model)) return {};
  return businessUnitId ? { tenantId, businessUnitId } : { tenantId };
}
