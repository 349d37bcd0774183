/** What other domains and the command line may use of the registry. */
export {
  buildRegistryContext,
  isScoped,
  type RegisteredModel,
  type RegistryContext,
} from "./context.js";
export { type ProposedModel, proposeRegistry, renderRegistryModule } from "./generate.js";
export { type ListedModel, listModels } from "./list.js";
export { readRegistry } from "./module/read.js";
export { noRegistry, type Registry, subScopedNames } from "./module/types.js";
export { readPrismaSchema } from "./schema/read.js";
export { relationLines } from "./schema/relation-lines.js";
export type { Field, JoinTable, PrismaSchema, Relation } from "./schema/types.js";
export { schemaSuppressions } from "./suppressions.js";
export type { TenantPath } from "./tenancy/path.js";
export { resolveTenancy } from "./tenancy/resolve.js";
export type { Tenancy } from "./tenancy/types.js";
export { registryFacts, tenancyFacts, validateRegistry } from "./validate.js";
