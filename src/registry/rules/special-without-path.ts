import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";

/** A special model that no required chain of foreign keys ties to a tenant: nothing can scope it. */
export function specialWithoutPath({ models, tenancy }: RegistryContext): FindingDraft[] {
  return models
    .filter(({ category, path }) => category === "special" && path.kind === "none" && !path.undecided)
    .map(({ model, entries }) => ({
      rule: "registry/special-without-path" as const,
      subject: { model: model.name, table: model.table, ...entries[0]!.location },
      message: `${model.name} is registered as special and no required chain of relations leads from it to a scoped model`,
      remedy: `Make the relation to its parent required, add ${tenancy.column}, or move "${model.name}" to GLOBAL_MODELS if it holds no tenant's data.`,
      evidence: {
        optionalRelations: model.relations
          .filter((relation) => !relation.isRequired)
          .map(({ field }) => field),
      },
    }));
}
