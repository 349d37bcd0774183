import { UsageError } from "../../findings/errors.js";
import { nearestName } from "../../findings/nearest.js";
import type { Audited } from "../audited.js";
import type { AuditedTable } from "../audited-table.js";
import { isBaseTable } from "../readiness/foreign-keys.js";
import { ancestorsOf, type TenantSource, tenantSources } from "../tenant-source.js";

export interface OwnedTable {
  readonly table: AuditedTable;
  readonly source: TenantSource;
}

/**
 * The tables whose rows belong to tenants, by a column of their own or through parents, largest first.
 *
 * @throws UsageError where a table is named that is none of them.
 */
export function ownedTables(audited: Audited, named: readonly string[]): OwnedTable[] {
  const sources = tenantSources(audited);
  const all = audited.tables.flatMap((table) => {
    const source = sources.get(table.table.id);
    return source && isBaseTable(table) && !table.isTenant ? [{ table, source }] : [];
  });
  const chosen = named.length === 0 ? all : named.flatMap((name) => oneNamed(all, name));
  return [...new Set(chosen)].sort(
    (left, right) => right.table.table.estimatedRows - left.table.table.estimatedRows,
  );
}

/** The tables that are read to count one's rows by tenant. */
export function tablesRead({ tenants }: Audited, { table, source }: OwnedTable): AuditedTable[] {
  return [table, ...(tenants ? [tenants] : []), ...ancestorsOf(source)];
}

function oneNamed(all: readonly OwnedTable[], name: string): OwnedTable[] {
  const found = all.filter(({ table: { table, registered } }) =>
    [table.name, `${table.schema}.${table.name}`, registered?.model.name].includes(name),
  );
  if (found.length > 0) return found;
  const names = all.map(({ table: { table } }) => table.name);
  const nearest = nearestName(name, names);
  throw new UsageError(
    `no table of tenants' rows is called ${name}`,
    nearest ? `did you mean ${nearest}?` : `there are ${names.join(", ")}`,
  );
}
