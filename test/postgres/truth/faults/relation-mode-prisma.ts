import type { Application } from "../application.js";
import { type Expected, missingForeignKey } from "../expected.js";
import { belongs, isScoped, tenantRelation } from "../ownership.js";

/**
 * With `relationMode = "prisma"` the database has no foreign key at all: each relation between two tables that
 * belong to tenants lacks one, and each tenant column too, whether a simple relation stands on it or not.
 */
export function relationModePrisma(application: Application): Expected[] {
  const { relationMode, models, tenant, tenantKey, registry } = application;
  if (relationMode !== "prisma") return [];
  return models.flatMap((child) => {
    if (!child.inDatabase || child.databaseTable) return [];
    const relations = child.relations.filter(
      ({ declared, target, fields }) =>
        declared && belongs(child) && belongs(target) && fields.every(({ inDatabase }) => inDatabase),
    );
    const isExempt = registry.some(
      ({ name, category }) => name === child.name && (category === "global" || category === "special"),
    );
    const isUntied =
      isScoped(child) && !isExempt && child.tenantField?.inDatabase === true && !tenantRelation(child);
    const tie = { fields: [child.tenantField!], target: tenant, references: [tenantKey] };
    return [
      ...relations.map((relation) => missingForeignKey(child, relation)),
      ...(isUntied
        ? [missingForeignKey(child, { ...tie, name: "", declared: false, constraint: undefined })]
        : []),
    ];
  });
}
