import { isScoped, type RegisteredModel } from "../registry/index.js";
import { type Application, schemasOf, storedName, tenantColumnNames } from "./application.js";
import { type AuditedTable, columnNamed } from "./audited-table.js";
import type { Catalog, CatalogColumn, CatalogTable } from "./catalog/types.js";
import { buildReferences, type Reference } from "./references.js";

/** Schema and catalog joined: what every database rule looks at. */
export interface Audited {
  readonly application: Application;
  readonly catalog: Catalog;
  readonly schemas: readonly string[];
  readonly tables: readonly AuditedTable[];
  /** Models and views that the schema declares and the database lacks. */
  readonly missing: readonly RegisteredModel[];
  readonly tenants: AuditedTable | undefined;
  /** The column of the tenants' table that tenant columns hold. */
  readonly tenantKey: CatalogColumn | undefined;
  readonly references: readonly Reference[];
}

/** Joins the catalog with the application's schema. Pure. */
export function buildAudited(application: Application, catalog: Catalog): Audited {
  const { context } = application;
  const byName = new Map(catalog.tables.map((table) => [nameKey(table.schema, table.name), table]));
  const find = (schema: string | null, table: string) =>
    byName.get(nameKey(storedName(schema ?? application.defaultSchema), storedName(table)));

  const tenantColumns = tenantColumnNames(application);
  const { model: tenantModel, key } = context.tenancy;
  const tenantTable = find(tenantModel.schema, tenantModel.table);
  const keyType = tenantTable && columnNamed(tenantTable, key.column)?.baseType;
  /** A tenant column by its name alone: it has to be of the type that tenants' keys are of. */
  const unnamedColumn = (table: CatalogTable) =>
    table.columns.find(({ name, baseType }) => tenantColumns.has(name) && baseType === keyType);
  const tables: AuditedTable[] = [];
  const missing: RegisteredModel[] = [];
  for (const registered of context.models) {
    const table = find(registered.model.schema, registered.model.table);
    if (table) tables.push(modelTable(registered, table, application, unnamedColumn(table)));
    else missing.push(registered);
  }
  for (const joinTable of context.schema.joinTables) {
    const table = find(joinTable.schema, joinTable.table);
    if (table) tables.push({ ...bare(table), joinTable, isUnmapped: false });
  }
  const ignored = new Set(
    context.schema.ignoredModels.flatMap(({ schema, table }) => find(schema, table)?.id ?? []),
  );
  const known = new Set(tables.map(({ table }) => table.id));
  for (const table of catalog.tables) {
    if (known.has(table.id) || table.isPartition) continue;
    const tenantColumn = table.columns.find((column) => tenantColumns.has(column.name));
    const isIgnored = ignored.has(table.id);
    if (tenantColumn || isIgnored) tables.push({ ...bare(table), tenantColumn, isUnmapped: !isIgnored });
  }
  const tenants = tables.find((audited) => audited.isTenant);
  const tenantKey = tenants && columnNamed(tenants.table, context.tenancy.key.column);
  const references = buildReferences(tables);
  const schemas = schemasOf(application);
  return { application, catalog, schemas, tables, missing, tenants, tenantKey, references };
}

function modelTable(
  registered: RegisteredModel,
  table: CatalogTable,
  { context }: Application,
  unnamedColumn: CatalogColumn | undefined,
): AuditedTable {
  const { model, tenantField, category } = registered;
  const isTenant = model.name === context.tenancy.model.name;
  const known = tenantField ? columnNamed(table, tenantField.column) : unnamedColumn;
  const tenantColumn = isTenant || model.kind === "view" ? undefined : known;
  const isTable = table.kind === "table" || table.kind === "partitioned";
  const mayBeScoped = category === undefined || isScoped(category);
  return {
    ...bare(table),
    registered,
    isUnmapped: false,
    isTenant,
    tenantColumn,
    isScoped: isTable && !isTenant && mayBeScoped && tenantField !== undefined,
  };
}

/** Every table of the schemas, also those that neither the schema nor a tenant column ties to the application. */
export function everyTable({ tables, catalog }: Audited): AuditedTable[] {
  const known = new Set(tables.map(({ table }) => table.id));
  const others = catalog.tables.filter(({ id, isPartition }) => !known.has(id) && !isPartition);
  return [...tables, ...others.map(bare)];
}

function bare(table: CatalogTable): AuditedTable {
  return {
    table,
    registered: undefined,
    joinTable: undefined,
    isUnmapped: false,
    isTenant: false,
    tenantColumn: undefined,
    isScoped: false,
  };
}

function nameKey(schema: string, table: string): string {
  return JSON.stringify([schema, table]);
}

/** The column of the tenants' table that a table's tenant column holds: as its relation says, else their key. */
export function keyHeldBy(
  { references, tenants, tenantKey }: Pick<Audited, "references" | "tenants" | "tenantKey">,
  { table, tenantColumn }: AuditedTable,
): CatalogColumn | undefined {
  const reference = references.find(
    ({ child, columns, parent }) =>
      child.table.id === table.id && parent === tenants && columns.join() === tenantColumn?.name,
  );
  return (reference && columnNamed(tenants!.table, reference.parentColumns[0]!)) ?? tenantKey;
}
