import { fillSql, quoteIdentifier, quoteLiteral, readSql } from "../../adapters/sql-file.js";
import type { Audited } from "../audited.js";
import type { CatalogTable } from "../catalog/types.js";
import { columnOf, equals } from "../expression.js";
import { qualified, sourceSql } from "../tenant-source.js";
import type { OwnedTable } from "./tables.js";

/** Columns that say what a customer is called, best first. */
const labels = ["name", "title", "label", "display_name", "displayName", "slug"];

/** SQL that reads all rows of a table, grouped by tenant. */
export function exactStatement(
  audited: Audited,
  { table, source }: OwnedTable,
  measuresBytes: boolean,
): string {
  const rows = sourceSql(table, source, "c", source.hops.length > 0 ? "left join" : "join");
  const { from, key } = tenantParts(audited);
  const tenant = { sql: "n.tenant", type: rows.tenant.type };
  return fillSql(readSql("database/distribution-exact"), {
    fragments: {
      from: rows.from,
      tenant: rows.tenant.sql,
      bytes: measuresBytes ? "sum(pg_catalog.pg_column_size(c))" : "null::int8",
      tenants: from,
      key: key.sql,
      label: labelOf(audited),
      match: equals({ sql: "p.key", type: key.type }, tenant),
      match_p: equals(key, tenant),
    },
  });
}

/** SQL that reads some pages of one table, or of one partition of it. */
export function sampleStatement(audited: Audited, { table, source }: OwnedTable, part: CatalogTable): string {
  const rows = sourceSql(table, source, "c", "left join");
  const { from, key } = tenantParts(audited);
  const name = `${quoteIdentifier(part.schema)}.${quoteIdentifier(part.name)}`;
  const page = `chosen as g cross join lateral (select c.* from only ${name} as c where c.ctid >= pg_catalog.format('(%s,0)', g.page)::tid and c.ctid < pg_catalog.format('(%s,0)', g.page + 1)::tid offset 0) as c`;
  return fillSql(readSql("database/distribution-sample"), {
    fragments: {
      table: quoteLiteral(name),
      from: rows.from.replace(`${qualified(table)} as c`, () => page),
      tenant: rows.tenant.sql,
      tenants: from,
      key: key.sql,
      label: labelOf(audited),
      match: equals({ sql: "p.key", type: key.type }, { sql: "n.tenant", type: rows.tenant.type }),
    },
  });
}

export function tenantParts({ tenants, tenantKey }: Audited) {
  return { from: `${qualified(tenants!)} as p`, key: columnOf("p", tenants!.table, tenantKey!.name) };
}

/** What a tenant is called, as SQL; null where its table has no such column. */
export function labelOf({ tenants }: Audited): string {
  const { columns } = tenants!.table;
  const column = labels.flatMap(
    (name) => columns.find((each) => each.name === name && each.maySelect) ?? [],
  )[0];
  return column ? `p.${quoteIdentifier(column.name)}::text` : "null::text";
}
