import type { FindingDraft } from "../findings/finding.js";
import type { RegistryContext } from "./context.js";
import { type Category, categories } from "./module/types.js";
import { registryRules } from "./rules/index.js";

/** Runs every registry rule. Pure: the same context gives the same findings. */
export function validateRegistry(context: RegistryContext): FindingDraft[] {
  return registryRules.flatMap((rule) => rule(context));
}

/** What a reader wants to know beside the findings: what was read, and how the models divide. */
export function registryFacts({ schema, tenancy, registry, models }: RegistryContext) {
  const counts = Object.fromEntries(
    categories.map((category: Category) => [
      category,
      models.filter((registered) => registered.category === category).length,
    ]),
  );
  return {
    schemaFiles: schema.files,
    models: schema.models.length,
    registry: registry.file,
    registryReadBy: registry.readBy,
    categories: counts,
    tenant: tenancyFacts(tenancy),
  };
}

/** The tenant as a report names it, with the basis on which it is known. */
export function tenancyFacts(tenancy: RegistryContext["tenancy"]) {
  return {
    model: tenancy.model.name,
    column: tenancy.column,
    subScopes: tenancy.subScopes.map(({ model, column }) => ({ model: model.name, column })),
    basis: tenancy.basis,
  };
}
