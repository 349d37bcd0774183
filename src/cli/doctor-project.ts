import type { Inspection } from "../config/inspect.js";
import type { ProjectFacts } from "../doctor/index.js";
import { type Attempt, attempt, type Refusal } from "../findings/attempt.js";
import {
  buildRegistryContext,
  noRegistry,
  type PrismaSchema,
  type Registry,
  readPrismaSchema,
  readRegistry,
  resolveTenancy,
  subScopedNames,
  type Tenancy,
} from "../registry/index.js";
import type { LoadedApplication } from "./load-application.js";

/** What could be read of the application's own files. */
export interface ReadProject {
  readonly facts: Omit<ProjectFacts, "hasApplication">;
  /** For the database's side; refused where schema or tenant are not clear. */
  readonly application: Attempt<LoadedApplication>;
  /** The variable that the schema's datasource names for its URL. */
  readonly urlVariable: string | undefined;
}

/** Reads schema, registry and tenant as `loadApplication` does, each by itself. */
export async function readProject(inspection: Inspection, cwd: string): Promise<ReadProject> {
  const { file, schemaPath, registryPath } = inspection;
  const schema =
    "value" in schemaPath ? await attempt(() => readPrismaSchema(schemaPath.value, cwd)) : schemaPath;
  const registry = await readRegistryAt(registryPath, cwd);
  const tenancy =
    "value" in schema
      ? await tenancyOf(schema.value, whatIsThere(registry) ?? noRegistry, inspection)
      : undefined;
  return {
    facts: {
      config: file,
      schema: textOf(schema, schemaText),
      registry: textOf(registry, (read) => read && registryText(read)),
      tenant: tenancy ? textOf(tenancy, tenantText) : { value: undefined },
    },
    application: applicationOf(schema, registry, tenancy),
    urlVariable: whatIsThere(schema)?.urlVariable,
  };
}

async function readRegistryAt(
  path: Inspection["registryPath"],
  cwd: string,
): Promise<Attempt<Registry | undefined>> {
  if ("problem" in path) return path;
  const { value } = path;
  return value === undefined ? { value } : attempt(() => readRegistry(value, cwd));
}

function tenancyOf(
  schema: PrismaSchema,
  registry: Registry,
  { tenant }: Inspection,
): Promise<Attempt<Tenancy>> {
  return attempt(() => resolveTenancy(schema, tenant, subScopedNames(registry)));
}

/** A registry that can't be read is left out: rights are those of all tables in any case. */
function applicationOf(
  schema: Attempt<PrismaSchema>,
  registry: Attempt<Registry | undefined>,
  tenancy: Attempt<Tenancy> | undefined,
): Attempt<LoadedApplication> {
  if ("problem" in schema) return schema;
  if (!tenancy || "problem" in tenancy) return tenancy as Refusal;
  const read = whatIsThere(registry);
  return {
    value: {
      context: buildRegistryContext(schema.value, tenancy.value, read ?? noRegistry),
      hasRegistry: read !== undefined,
    },
  };
}

function whatIsThere<Value>(part: Attempt<Value>): Value | undefined {
  return "value" in part ? part.value : undefined;
}

function textOf<Value>(
  part: Attempt<Value>,
  text: (value: Value) => string | undefined,
): Attempt<string | undefined> {
  return "value" in part ? { value: text(part.value) } : part;
}

function schemaText({ files, models }: PrismaSchema): string {
  const [first = "", ...others] = files;
  return `${first}${others.length ? ` and ${others.length} more` : ""}, ${models.length} models`;
}

function registryText({ file, entries }: Registry): string {
  return `${file}, ${entries.length} models`;
}

function tenantText({ model, column, basis }: Tenancy): string {
  return `${model.name} by ${column} (${basis})`;
}
