import type { Model, PrismaSchema } from "../schema/types.js";
import { fieldNamed } from "./columns.js";
import type { SubScope } from "./types.js";
import { isPersonName, isSubScopeName } from "./words.js";

interface TenantOfSchema {
  readonly model: Model;
  readonly column: string;
}

interface Use extends SubScope {
  readonly holders: Model[];
}

/**
 * Finds the second level where nothing names it. With a registry, it is the model that most of the
 * sub-scoped models, and few others, point at; without one, a model called BusinessUnit, Branch,
 * Department… that belongs to a tenant and that two other models point at. Nothing else is guessed.
 */
export function inferSubScopes(
  schema: PrismaSchema,
  tenant: TenantOfSchema,
  subScoped: readonly string[],
): SubScope[] {
  const lowerCase = new Set(subScoped.map((name) => name.toLowerCase()));
  const isRegistered = (model: Model) => lowerCase.has(model.name.toLowerCase());
  const registered = schema.models.filter(isRegistered).length;
  const rank = ({ model, holders }: Use) =>
    (isSubScopeName(model.name) ? 1000 : 0) +
    (registered ? 2 * holders.filter(isRegistered).length - holders.length : holders.length);
  const [best] = usesOf(schema, tenant).sort(
    (left, right) => rank(right) - rank(left) || (left.column < right.column ? -1 : 1),
  );
  if (!best) return [];
  const isLikely = registered
    ? best.holders.filter(isRegistered).length * 2 > registered
    : isSubScopeName(best.model.name) && best.holders.length >= 2;
  return isLikely ? [{ model: best.model, column: best.column }] : [];
}

/** Which models point at which tenant-owned model, by which single column. People are no unit. */
function usesOf(schema: PrismaSchema, tenant: TenantOfSchema): Use[] {
  const uses = new Map<string, Use>();
  const byName = new Map(schema.models.map((model) => [model.name, model]));
  for (const holder of schema.models) {
    for (const { target: name, fields } of holder.relations) {
      const target = byName.get(name)!;
      if (fields.length !== 1 || target === holder || target === tenant.model) continue;
      if (!fieldNamed(target, tenant.column) || isPersonName(target.name)) continue;
      const key = `${name}.${fields[0]}`;
      const use = uses.get(key) ?? { model: target, column: fields[0]!, holders: [] };
      use.holders.push(holder);
      uses.set(key, use);
    }
  }
  return [...uses.values()];
}
