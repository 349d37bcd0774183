import { quoteIdentifier } from "../../adapters/sql-file.js";
import { type Audited, type AuditedTable, columnNamed, qualified } from "../../database/index.js";
import type { Candidate } from "./types.js";

/** What the guard asks of every query: the tenant's column, and of sub-scoped models the unit's too. */
export function scopeCandidates({ tables }: Audited): Candidate[] {
  return tables.flatMap((owner) => {
    const { tenantColumn, isScoped } = owner;
    if (!isScoped || !tenantColumn) return [];
    const units = unitColumns(owner);
    const tenant = tenantColumn.name;
    if (units.length === 0) {
      return [candidate(owner, [tenant], "tenant", `the guard asks every query for ${tenant}`)];
    }
    return units.map(({ column, unit }) =>
      candidate(
        owner,
        [tenant, column],
        "scope",
        `the guard asks for ${tenant} and ${column} (${unit}) together`,
      ),
    );
  });
}

/** Of a model that the registry scopes by units, or of which it says nothing. */
function unitColumns({ registered, table }: AuditedTable): { column: string; unit: string }[] {
  if (!registered || (registered.category !== undefined && registered.category !== "sub-scoped")) return [];
  return registered.subScopes.flatMap(({ subScope, field }) => {
    const column = columnNamed(table, field.column)?.name;
    return column === undefined ? [] : [{ column, unit: subScope.model.name }];
  });
}

function candidate(
  owner: AuditedTable,
  equal: readonly string[],
  kind: "tenant" | "scope",
  text: string,
): Candidate {
  return { owner, equal, sorted: [], reasons: [{ kind, text }], probes: [selectBy(owner, equal)] };
}

/** `select * from "s"."t" where "a" = $1 and …` */
export function selectBy(owner: AuditedTable, columns: readonly string[]): string {
  const conditions = columns.map((column, at) => `${quoteIdentifier(column)} = $${at + 1}`);
  return `select * from ${qualified(owner)} where ${conditions.join(" and ")}`;
}
