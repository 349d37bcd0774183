import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";
import type { Registry, RegistryContext, Tenancy } from "../registry/index.js";
import { buildRegistryContext, readPrismaSchema, readRegistry, resolveTenancy } from "../registry/index.js";
import type { Work } from "./execute.js";

export interface LoadedApplication {
  readonly context: RegistryContext;
  readonly hasRegistry: boolean;
}

/** Reads schema and registry, and settles what the tenant is. */
export async function loadApplication({ settings, context, note }: Work): Promise<LoadedApplication> {
  const { cwd } = context;
  const registryPath = settings.registryPath();
  const registry = registryPath === undefined ? undefined : await readRegistry(registryPath, cwd);
  const schema = readPrismaSchema(settings.schemaPath, cwd);
  for (const text of schema.notes) note(`note: ${text}`);
  const subScoped = (registry?.entries ?? [])
    .filter((entry) => entry.category === "sub-scoped")
    .map((entry) => entry.name);
  const tenancy: Tenancy = resolveTenancy(schema, settings.tenant, subScoped);
  if (tenancy.basis.startsWith("inferred")) {
    note(`note: the tenant is ${tenancy.model.name}, by ${tenancy.column} (${tenancy.basis})`);
  }
  const empty: Registry = { file: "", entries: [], readBy: "static" };
  return {
    context: buildRegistryContext(schema, tenancy, registry ?? empty),
    hasRegistry: registry !== undefined,
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
