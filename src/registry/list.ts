import type { RegisteredModel, RegistryContext } from "./context.js";
import { describePath } from "./tenancy/path.js";

/** One line of `registry list`. */
export interface ListedModel {
  readonly model: string;
  readonly table: string;
  readonly schema: string | null;
  readonly kind: "model" | "view";
  /** Category in the registry; null where it is in none. */
  readonly category: string | null;
  readonly tenantPath: string;
  /** The first key or index that leads with the scope column, as the schema declares it; null for none. */
  readonly index: string | null;
  /** Where the tenant column (or the first hop of the path) points, `Tenant.id`; null for nowhere. */
  readonly foreignKey: string | null;
}

/** Every model with its table, category, tenant path, index and foreign key, in schema order. */
export function listModels({ models }: RegistryContext): ListedModel[] {
  return models.map((registered) => ({
    model: registered.model.name,
    table: registered.model.table,
    schema: registered.model.schema,
    kind: registered.model.kind,
    category: registered.category ?? null,
    tenantPath: describePath(registered.path),
    index: indexFor(registered),
    foreignKey: foreignKeyFor(registered),
  }));
}

function indexFor({ model, path }: RegisteredModel): string | null {
  const column =
    path.kind === "own" ? path.field.name : path.kind === "parent" ? path.relation.fields[0] : undefined;
  const key = model.keys.find((candidate) => candidate.fields[0] === column && !candidate.isPartial);
  if (!key) return null;
  return `${key.kind === "index" ? "" : `${key.kind} `}(${key.fields.join(", ")})`;
}

function foreignKeyFor({ model, path }: RegisteredModel): string | null {
  const relation =
    path.kind === "parent"
      ? path.relation
      : path.kind === "own"
        ? model.relations.find((candidate) => candidate.fields.includes(path.field.name))
        : undefined;
  return relation ? `${relation.target}.${relation.references.join(", ")}` : null;
}
