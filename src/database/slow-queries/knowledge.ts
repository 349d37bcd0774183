import type { Audited } from "../audited.js";
import type { AuditedTable } from "../audited-table.js";
import type { ColumnAt, Source } from "../statements/shape.js";
import { tenantSources } from "../tenant-source.js";

/** What is known of the tables of a statement, by the sources that name them. */
export interface Knowledge {
  /** Its rows belong to tenants, by a column of its own or through parents, or are the tenants. */
  isOwned(source: Source): boolean;
  isTenants(source: Source): boolean;
  /** The column that says whose row it is; undefined where it has none of its own. */
  tenantColumn(source: Source): string | undefined;
  /** Columns that are unique together, each list a key. */
  keys(source: Source): readonly (readonly string[])[];
  /** Columns that point at a row that belongs to a tenant, and its table. */
  parents(source: Source): readonly { readonly columns: readonly string[]; readonly table: string }[];
  /** A declared reference leads from one of the columns to the other. */
  isReference(left: ColumnAt & { from: Source }, right: ColumnAt & { from: Source }): boolean;
  /** The tenant column has to stand in what reads it, as the registry has it. */
  auditedTable(source: Source): AuditedTable | undefined;
}

export function knowledgeOf(audited: Audited): Knowledge {
  const owners = tenantSources(audited);
  const byId = new Map(audited.tables.map((table) => [table.table.id, table]));
  const find = ({ table }: Source) => (table ? byId.get(table.id) : undefined);
  const isOwnedTable = (table: AuditedTable) => table.isTenant || owners.has(table.table.id);
  const owned = (source: Source) => {
    const table = find(source);
    return table !== undefined && isOwnedTable(table);
  };
  return {
    isOwned: owned,
    isTenants: (source) => find(source)?.isTenant === true,
    tenantColumn: (source) => {
      const table = find(source);
      return table?.isTenant ? audited.tenantKey?.name : table?.tenantColumn?.name;
    },
    keys: ({ table }) =>
      (table?.indexes ?? []).flatMap(({ isUnique, isValid, predicate, keyColumns }) => {
        const columns = keyColumns.filter((column) => column !== null);
        const isKey = isUnique && isValid && predicate === null && columns.length === keyColumns.length;
        return isKey ? [columns] : [];
      }),
    parents: (source) =>
      audited.references
        .filter(({ child, parent }) => child.table.id === source.table?.id && isOwnedTable(parent))
        .map(({ columns, parent }) => ({ columns, table: parent.table.name })),
    isReference: (left, right) =>
      audited.references.some(({ child, columns, parent, parentColumns }) => {
        const leads = (from: typeof left, to: typeof left) =>
          child.table.id === from.from.table?.id &&
          parent.table.id === to.from.table?.id &&
          columns.some((column, index) => column === from.column && parentColumns[index] === to.column);
        return leads(left, right) || leads(right, left);
      }),
    auditedTable: find,
  };
}
