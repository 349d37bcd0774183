import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";
import {
  buildRegistryContext,
  noRegistry,
  type RegistryContext,
  readPrismaSchema,
  readRegistry,
  resolveTenancy,
  subScopedNames,
} from "../registry/index.js";
import type { Work } from "./execute.js";

export interface LoadedApplication {
  readonly context: RegistryContext;
  readonly hasRegistry: boolean;
}

/** Reads schema and registry, and settles what the tenant is. */
export async function loadApplication({ settings, context, note }: Work): Promise<LoadedApplication> {
  const { cwd } = context;
  const registryPath = settings.registryPath();
  const registry = registryPath === undefined ? noRegistry : await readRegistry(registryPath, cwd);
  const schema = readPrismaSchema(settings.schemaPath(), cwd);
  for (const text of schema.notes) note(`note: ${text}`);
  const tenancy = resolveTenancy(schema, settings.tenant, subScopedNames(registry));
  if (tenancy.basis.startsWith("inferred")) {
    note(`note: the tenant is ${tenancy.model.name}, by ${tenancy.column} (${tenancy.basis})`);
  }
  return {
    context: buildRegistryContext(schema, tenancy, registry),
    hasRegistry: registryPath !== undefined,
  };
}

/** @throws UsageError where the command can't do without a registry and there is none. */
export function requireRegistry(settings: Settings): void {
  if (settings.registryPath() !== undefined) return;
  throw new UsageError(
    "there is no registry module: none is named, and none below exports TENANT_SCOPED_MODELS",
    "name it: --registry path/to/tenant-model-registry.ts, or propose one: tenantctl registry generate --output src/config/tenant-model-registry.ts",
  );
}
