import type { FindingDraft } from "../../findings/finding.js";
import { isScoped, type RegistryContext } from "../context.js";
import { relationLines } from "../schema/relation-lines.js";
import type { Field, Model, PrismaSchema } from "../schema/types.js";
import type { Tenancy } from "../tenancy/types.js";

/** A scoped model whose tenant column has no relation to the tenant, so that no foreign key guards it. */
export function missingRelation({ models, schema, tenancy }: RegistryContext): FindingDraft[] {
  return models.flatMap(({ model, category, tenantField }) => {
    if (!isScoped(category) || !tenantField || model.kind === "view") return [];
    if (pointsAtTenant(schema, tenancy, model, tenantField, new Set())) return [];
    const edits = relationLines({
      child: model,
      fields: [tenantField.name],
      parent: tenancy.model,
      references: [tenancy.key.name],
    });
    const written = edits.map(({ model: name, add = [] }) => `${add.join(", ")} to ${name}`).join(", and ");
    return [
      {
        rule: "registry/missing-relation" as const,
        subject: {
          model: model.name,
          field: tenantField.name,
          column: tenantField.column,
          table: model.table,
          ...tenantField.location,
        },
        message: `${model.name}.${tenantField.name} has no relation to ${tenancy.model.name}: nothing keeps a row's tenant real`,
        remedy: `Add ${written}; npx prisma migrate dev then adds the foreign key.`,
        remedyPrisma: { schema: edits, migration: [] },
        evidence: {},
      },
    ];
  });
}

/**
 * Directly, or by a composite relation whose every field is required, `(tenantId, clientId)` to Client,
 * where the parent's tenant column points at the tenant in turn.
 */
function pointsAtTenant(
  schema: PrismaSchema,
  tenancy: Tenancy,
  model: Model,
  field: Field,
  seen: ReadonlySet<string>,
): boolean {
  if (seen.has(model.name)) return false;
  return model.relations.some((relation) => {
    const at = relation.fields.indexOf(field.name);
    if (at < 0) return false;
    if (relation.target === tenancy.model.name) return relation.references[at] === tenancy.key.name;
    const parent = schema.models.find((other) => other.name === relation.target);
    const referenced = parent?.fields.find((other) => other.name === relation.references[at]);
    if (!relation.isRequired || !parent || !referenced) return false;
    return pointsAtTenant(schema, tenancy, parent, referenced, new Set([...seen, model.name]));
  });
}
