/** What `tenantctl.config.ts` and a registry module import from "tenantctl". */
import type { Config } from "./config/schema.js";

export { env, file } from "./config/references.js";
export type { Config } from "./config/schema.js";
export { expressRoutes, rememberMounts } from "./runtime/express-routes.js";

/** Types a config; returns it as it is. */
export function defineConfig(config: Config): Config {
  return config;
}

/** The four categories of a registry, as `export default defineRegistry({ … })`. */
export interface RegistryDefinition {
  readonly tenantScoped?: readonly string[];
  readonly subScoped?: readonly string[];
  readonly global?: readonly string[];
  readonly special?: readonly string[];
}

/** Types a registry; returns it as it is. */
export function defineRegistry<Definition extends RegistryDefinition>(definition: Definition): Definition {
  return definition;
}
