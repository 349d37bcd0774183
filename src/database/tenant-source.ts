import { quoteIdentifier } from "../adapters/sql-file.js";
import type { TenantPath } from "../registry/index.js";
import { type Audited, keyHeldBy } from "./audited.js";
import { type AuditedTable, columnNamed } from "./audited-table.js";
import { columnOf, type Expression, equals } from "./expression.js";
import type { Reference } from "./references.js";

/** One step from a table to the parent that its tenant stands in. */
export interface Hop {
  readonly columns: readonly string[];
  readonly parent: AuditedTable;
  readonly parentColumns: readonly string[];
}

/** Where a row's tenant stands: in a column of its own, or in one of an ancestor's. */
export interface TenantSource {
  readonly hops: readonly Hop[];
  readonly column: string;
}

/** The tenant source of each table that has one, by table id; the tenants themselves have none. */
export function tenantSources(audited: Audited): Map<string, TenantSource> {
  const sources = new Map<string, TenantSource>();
  for (const table of audited.tables) {
    const source = table.tenantColumn
      ? byKey(audited, table.tenantColumn.name, keyHeldBy(audited, table)?.name)
      : table.registered
        ? sourceOf(audited, table, table.registered.path)
        : undefined;
    if (source) sources.set(table.table.id, source);
  }
  for (const table of audited.tables) {
    const source = table.joinTable && joinSource(audited, table, sources);
    if (source) sources.set(table.table.id, source);
  }
  return sources;
}

/**
 * Tells tables whose rows belong to tenants, or are tenants, from those that are nobody's: as the database has
 * it, or as the schema says of a table that lacks the column.
 */
export function ownership(audited: Audited): (table: AuditedTable) => boolean {
  const sources = tenantSources(audited);
  return ({ isTenant, table, registered }) =>
    isTenant || sources.has(table.id) || (registered !== undefined && registered.path.kind !== "none");
}

/** Whose row it is that points somewhere: a tenant's own row is that tenant's. */
export function ownerOf(
  { tenants, tenantKey }: Audited,
  child: AuditedTable,
  sources: ReadonlyMap<string, TenantSource>,
): TenantSource | undefined {
  if (child === tenants && tenantKey) return { hops: [], column: tenantKey.name };
  return sources.get(child.table.id);
}

function sourceOf(audited: Audited, table: AuditedTable, path: TenantPath): TenantSource | undefined {
  if (path.kind === "own") {
    const column = columnNamed(table.table, path.field.column);
    return column && { hops: [], column: column.name };
  }
  if (path.kind !== "parent") return undefined;
  const reference = audited.references.find(
    (candidate) => candidate.child === table && candidate.declared === path.relation,
  );
  if (!reference) return undefined;
  // The relation ends at the tenant itself: its foreign key is the tenant's key.
  if (path.rest.kind === "tenant") {
    return reference.columns.length === 1
      ? byKey(audited, reference.columns[0]!, reference.parentColumns[0]!)
      : undefined;
  }
  const rest = sourceOf(audited, reference.parent, path.rest);
  return rest && { hops: [hopOf(reference), ...rest.hops], column: rest.column };
}

/** A column that holds another unique key of the tenants than their usual one leads to it by way of them. */
function byKey({ tenants, tenantKey }: Audited, column: string, held: string | undefined): TenantSource {
  if (!tenants || !tenantKey || held === undefined || held === tenantKey.name) return { hops: [], column };
  return { hops: [{ columns: [column], parent: tenants, parentColumns: [held] }], column: tenantKey.name };
}

/** A join table belongs to the tenant of its first side that has one. */
function joinSource(
  audited: Audited,
  table: AuditedTable,
  sources: ReadonlyMap<string, TenantSource>,
): TenantSource | undefined {
  for (const reference of audited.references) {
    if (reference.child !== table || reference.declared !== "implicit") continue;
    const rest = sources.get(reference.parent.table.id);
    if (rest) return { hops: [hopOf(reference), ...rest.hops], column: rest.column };
  }
  return undefined;
}

/** The tables that have to be read to know a row's tenant, besides its own. */
export function ancestorsOf({ hops }: TenantSource): AuditedTable[] {
  return hops.map((hop) => hop.parent);
}

function hopOf({ columns, parent, parentColumns }: Reference): Hop {
  return { columns, parent, parentColumns };
}

/** `"schema"."table"`, quoted. */
export function qualified({ table }: AuditedTable): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
}

/**
 * SQL for a table and its tenant: `from` text under an alias, joined to where the tenant stands, and the
 * tenant's expression.
 *
 * @param join `join` drops rows whose ancestors are missing, `left join` keeps them without a tenant
 */
export function sourceSql(
  table: AuditedTable,
  source: TenantSource,
  alias: string,
  join: "join" | "left join",
): { from: string; tenant: Expression } {
  let from = `${qualified(table)} as ${alias}`;
  let at = { alias, table };
  for (const [index, hop] of source.hops.entries()) {
    const next = { alias: `${alias}${index + 1}`, table: hop.parent };
    const on = matchKeys(next, hop.parentColumns, at, hop.columns);
    const parent = `${qualified(hop.parent)} as ${next.alias}`;
    // A key that the database does not keep unique would double the row.
    from += isUniqueKey(hop)
      ? ` ${join} ${parent} on ${on}`
      : ` ${join} lateral (select * from ${parent} where ${on} limit 1) as ${next.alias} on true`;
    at = next;
  }
  return { from, tenant: columnOf(at.alias, at.table.table, source.column) };
}

/** Whether the database lets one row at most have the key that a reference points at. */
export function isUniqueKey({ parent, parentColumns }: Pick<Hop, "parent" | "parentColumns">): boolean {
  return parent.table.indexes.some(
    (index) =>
      index.isUnique &&
      index.isValid &&
      index.predicate === null &&
      index.keyColumns.every((column) => column !== null && parentColumns.includes(column)),
  );
}

export interface Aliased {
  readonly alias: string;
  readonly table: AuditedTable;
}

/** `p."id" = c."clientId" and …`: each pair of columns is equal. */
export function matchKeys(
  left: Aliased,
  leftColumns: readonly string[],
  right: Aliased,
  rightColumns: readonly string[],
): string {
  return leftColumns
    .map((column, index) =>
      equals(
        columnOf(left.alias, left.table.table, column),
        columnOf(right.alias, right.table.table, rightColumns[index]!),
      ),
    )
    .join(" and ");
}
