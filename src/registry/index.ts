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
export { type Category, categories, exportNames, type Registry, type RegistryEntry } from "./module/types.js";
export { parsePrismaSchema, readPrismaSchema } from "./schema/read.js";
export type { Field, JoinTable, Model, PrismaSchema, Relation } from "./schema/types.js";
export { schemaSuppressions } from "./suppressions.js";
export { describePath, type TenantPath } from "./tenancy/path.js";
export { resolveTenancy, type TenancySettings } from "./tenancy/resolve.js";
export type { SubScope, Tenancy } from "./tenancy/types.js";
export { registryFacts, tenancyFacts, validateRegistry } from "./validate.js";
