/** What `tenantctl.config.ts` and a registry module import from "tenantctl". */
import type { Config } from "./config/schema.js";

export type { Config } from "./config/schema.js";

/** Types a config; returns it as it is. */
export function defineConfig(config: Config): Config {
  return config;
}

/** Names a secret in the environment: `url: env("DATABASE_URL")`. It is read when needed, and never printed. */
export function env(name: string): string {
  return `env:${name}`;
}

/** Names a secret in a file: `token: file("/run/secrets/token")`. */
export function file(path: string): string {
  return `file:${path}`;
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
