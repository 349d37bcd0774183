import type { FindingDraft } from "../../findings/finding.js";
import type { Field } from "../../registry/index.js";
import { storedName } from "../application.js";
import type { Audited } from "../audited.js";
import { type AuditedTable, columnNamed, tableSubject } from "../audited-table.js";
import type { CatalogColumn } from "../catalog/types.js";
import { ownership } from "../tenant-source.js";
import { describeField, typeMatches } from "./column-types.js";
import { isBaseTable, isHeldByLarger } from "./foreign-keys.js";

/**
 * Where schema and database disagree on something that no sharper rule names: a column's presence, type or
 * nullability, a unique key, a foreign key between tables that belong to no tenant. What only the database
 * has is no drift: expand-and-contract migrations leave such columns for a while.
 */
export function schemaDrift(audited: Audited): FindingDraft[] {
  return [
    ...audited.tables.flatMap((table) => [
      ...kind(table),
      ...columns(table),
      ...unknownTenantColumn(table),
      ...uniqueKeys(table),
    ]),
    ...relations(audited),
  ];
}

/** A model that is a view in the database: no constraint and no index keeps its rows. */
function kind(audited: AuditedTable): FindingDraft[] {
  const { registered, table } = audited;
  if (registered?.model.kind !== "model" || isBaseTable(audited)) return [];
  const difference = `the schema declares a table, the database has a ${table.kind}`;
  return [drift(audited, { location: registered.model.location }, difference)];
}

/** A tenant column that the database has and the model lacks: no guard can filter by it. */
function unknownTenantColumn(audited: AuditedTable): FindingDraft[] {
  const { registered, tenantColumn } = audited;
  if (!registered || !tenantColumn || registered.tenantField) return [];
  // The model has it under a name of its own.
  if (registered.model.fields.some(({ column }) => storedName(column) === tenantColumn.name)) return [];
  const difference = "the database has this tenant column, the model does not: no guard can filter by it";
  return [drift(audited, { column: tenantColumn.name, location: registered.model.location }, difference)];
}

function columns(audited: AuditedTable): FindingDraft[] {
  const { registered, table } = audited;
  if (!registered) return [];
  const scopeFields = [registered.tenantField, ...registered.subScopes.map(({ field }) => field)];
  return registered.model.fields.flatMap((field) => {
    const isScope = !audited.isTenant && scopeFields.includes(field);
    const difference = differenceOf(
      field,
      columnNamed(table, field.column),
      isBaseTable(audited),
      isScope,
      audited,
    );
    return difference === undefined ? [] : [drift(audited, field, difference)];
  });
}

function differenceOf(
  field: Field,
  column: CatalogColumn | undefined,
  isTable: boolean,
  isScope: boolean,
  audited: AuditedTable,
): string | undefined {
  if (!column) return isScope ? undefined : "the table has no such column";
  if (!typeMatches(field, column))
    return `the schema says ${describeField(field)}, the database ${column.type}`;
  if (!isTable || field.isList) return undefined;
  if (field.isRequired && !column.isNotNull) {
    return isScope && audited.isScoped && column === audited.tenantColumn
      ? undefined
      : "the schema says that it is required, and in the database it may be null";
  }
  return !field.isRequired && column.isNotNull
    ? "the schema says that it is optional, the database NOT NULL"
    : undefined;
}

function uniqueKeys(audited: AuditedTable): FindingDraft[] {
  const { registered, table } = audited;
  if (!registered || !isBaseTable(audited)) return [];
  return registered.model.keys.flatMap((key) => {
    if (key.kind === "index" || key.isPartial) return [];
    const fields = key.fields.map((name) => registered.model.fields.find((field) => field.name === name));
    const names = fields.map((field) => field && columnNamed(table, field.column)?.name);
    if (names.some((name) => name === undefined)) return [];
    const isThere = table.indexes.some(
      (index) =>
        index.isUnique &&
        index.predicate === null &&
        index.keyColumns.length === names.length &&
        names.every((name) => index.keyColumns.includes(name!)),
    );
    if (isThere) return [];
    const kind = key.kind === "id" ? "primary key" : "unique key";
    return [
      drift(
        audited,
        { column: names.join(", "), location: key.location },
        `the schema declares a ${kind}, the database has none on just these columns`,
      ),
    ];
  });
}

function relations(audited: Audited): FindingDraft[] {
  if (audited.application.context.schema.relationMode === "prisma") return [];
  const belongs = ownership(audited);
  return audited.references.flatMap(
    ({ child, parent, columns: names, parentColumns, declared, constraint }) => {
      if (constraint || !declared || (belongs(child) && belongs(parent))) return [];
      if (isHeldByLarger({ child, columns: names, parent, parentColumns, declared })) return [];
      if (!isBaseTable(child) || !isBaseTable(parent)) return [];
      const location = declared === "implicit" ? undefined : declared.location;
      return [
        drift(
          child,
          { column: names.join(", "), location },
          `the schema declares a relation to ${parent.table.schema}.${parent.table.name}, the database has no foreign key for it`,
        ),
      ];
    },
  );
}

function drift(
  audited: AuditedTable,
  { column, location }: { column?: string; location: { file: string; line: number } | undefined },
  difference: string,
): FindingDraft {
  const { table } = audited;
  return {
    rule: "db/schema-drift",
    subject: { ...tableSubject(audited), column, ...location },
    message: `${table.schema}.${table.name}${column === undefined ? "" : `.${column}`}: ${difference}`,
    remedy:
      "Find which side is right: apply the migration that is missing (npx prisma migrate status), or correct the schema.",
    evidence: { difference },
  };
}
