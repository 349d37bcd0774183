import type { Field, RegistryContext } from "../registry/index.js";

/** What the application says of its tables: the schema, the tenant, and the registry if there is one. */
export interface Application {
  readonly context: RegistryContext;
  readonly hasRegistry: boolean;
  /** Where tables are that name no schema: Prisma's `?schema=`, else `public`. */
  readonly defaultSchema: string;
}

/** The PostgreSQL schemas that the application uses, the default one first. */
export function schemasOf({ context, defaultSchema }: Application): string[] {
  const { models, joinTables, schemas, ignoredModels } = context.schema;
  const named = [...models, ...joinTables, ...ignoredModels].flatMap(({ schema }) => schema ?? []);
  return [...new Set([defaultSchema, ...schemas, ...named])];
}

/** Bytes that PostgreSQL keeps of a name (NAMEDATALEN - 1). */
const longestName = 63;

/** A name as PostgreSQL stores it: cut at 63 bytes, never inside a character. */
export function storedName(name: string): string {
  const bytes = Buffer.from(name, "utf8");
  if (bytes.length <= longestName) return name;
  let end = longestName;
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString("utf8");
}

/** Columns that hold a tenant's id, by the names that the schema's models give them. */
export function tenantColumnNames({ context }: Application): Set<string> {
  const fields = context.models.flatMap(({ tenantField }): Field[] => (tenantField ? [tenantField] : []));
  const { column } = context.tenancy;
  const named = fields.filter((field) => field.name === column || field.column === column);
  return new Set((named.length ? named.map((field) => field.column) : [column]).map(storedName));
}
