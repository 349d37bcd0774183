import { fillSql, readSql } from "../../adapters/sql-file.js";
import type { AuditedTable } from "../audited-table.js";
import { columnOf, equals } from "../expression.js";
import type { Reference } from "../references.js";
import { type Aliased, isUniqueKey, matchKeys, sourceSql, type TenantSource } from "../tenant-source.js";
import { rowKey } from "./primary-key.js";
import { indexOnly, parallel, type Statement } from "./scan.js";

/** A parent looked up for each stray is right for few of them; where it is the rule, the two are joined whole. */
export const fewStrays = 20_000;

/** How the rows are read: by indexes that cover both sides, or in one pass; with few strays, or with many. */
export function crossingStatement(
  { child, parent }: Reference,
  childSource: TenantSource,
  parentSource: TenantSource,
  pairs: readonly (readonly [string, string])[],
  way: { readonly isCovered: boolean; readonly asksDangling: boolean; readonly expectsMany: boolean },
): Statement {
  const { isCovered, asksDangling, expectsMany } = way;
  const columns = pairs.map(([column]) => column);
  const targets = pairs.map(([, target]) => target);
  const [c, p]: Aliased[] = [
    { alias: "c", table: child },
    { alias: "p", table: parent },
  ] as const;
  // A row that has lost the ancestor with its tenant may still point at a parent that does not exist.
  const rows = sourceSql(child, childSource, "c", asksDangling ? "left join" : "join");
  const parents = sourceSql(parent, parentSource, "p", "join");
  const anyParent = sourceSql(parent, parentSource, "p", "left join");
  const keys = columns.map((column) => columnOf("c", child.table, column));
  const strayKeys = keys.map(({ type }, index) => ({ sql: `s.f${index + 1}`, type }));
  // Who belongs to nobody crosses no border: a row without a tenant, a parent that all share.
  const same = [
    equals(parents.tenant, rows.tenant),
    ...(mayBeNull(child, childSource) ? [`${rows.tenant.sql} is null`] : []),
    ...(mayBeNull(parent, parentSource) ? [`${parents.tenant.sql} is null`] : []),
  ];
  const parentMatch = targets
    .map((target, index) => equals(columnOf("p", parent.table, target), strayKeys[index]!))
    .join(" and ");
  const strayTenant = (alias: string, name: string, { type }: { type: string }) => ({
    sql: `${alias}.${name}`,
    type,
  });
  const key = rowKey(child);
  return {
    sql: fillSql(readSql(`database/reference-strays-by-${isCovered ? "index" : "scan"}`), {
      fragments: {
        child: rows.from,
        child_tenant: rows.tenant.sql,
        key_columns_c: keys.map(({ sql }, index) => `${sql} as f${index + 1}`).join(", "),
        key_columns: keys.map((_, index) => `f${index + 1}`).join(", "),
        group_columns_c: keys.map(({ sql }) => sql).join(", "),
        has_key: keys.map(({ sql }) => `${sql} is not null`).join(" and "),
        parent: parents.from,
        same_tenant: `${matchKeys(p!, targets, c!, columns)} and ${same.length > 1 ? `(${same.join(" or ")})` : same[0]!}`,
        ...parentJoin(anyParent, parentMatch, columnOf("p", parent.table, targets[0]!).sql, {
          isUnique: isUniqueKey({ parent, parentColumns: targets }),
        }),
        child_match: `${keys.map((each, index) => equals(each, strayKeys[index]!)).join(" and ")} and ${rows.tenant.sql} is not distinct from s.tenant`,
        tenants_differ: `not (${equals(strayTenant("j", "tenant", rows.tenant), strayTenant("j", "parent_tenant", parents.tenant))})`,
        keys_c: key.fromTable("c"),
        sort_keys_c: key.select,
        keys_s: key.fromStray("s"),
        order_s: key.order,
      },
    }),
    values: [expectsMany ? null : fewStrays],
    settings: isCovered
      ? { ...parallel, ...indexOnly, enable_nestloop: "off" }
      : expectsMany
        ? { ...parallel, enable_nestloop: "off" }
        : parallel,
  };
}

/** The join from a stray to its parent; of a key that is not unique, to one of them. */
function parentJoin(
  { from, tenant }: { from: string; tenant: { sql: string } },
  match: string,
  key: string,
  { isUnique }: { isUnique: boolean },
): Record<"parent_join" | "parent_tenant" | "parent_missing", string> {
  if (isUnique) {
    return {
      parent_join: `left join ${from} on ${match}`,
      parent_tenant: tenant.sql,
      parent_missing: `${key} is null`,
    };
  }
  return {
    parent_join: `left join lateral (select true as found, ${tenant.sql} as tenant from ${from} where ${match} limit 1) as q on true`,
    parent_tenant: "q.tenant",
    parent_missing: "q.found is null",
  };
}

/** Whether a row of the table may have no tenant: by a column that allows null, or by way of a parent. */
function mayBeNull({ table }: AuditedTable, { hops, column }: TenantSource): boolean {
  return hops.length > 0 || table.columns.find(({ name }) => name === column)?.isNotNull !== true;
}
