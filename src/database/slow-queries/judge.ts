import type { AuditedTable } from "../audited-table.js";
import type { Limit, Source, StatementShape } from "../statements/shape.js";
import type { Knowledge } from "./knowledge.js";
import { solve } from "./solve.js";

/** Whether a statement holds to one tenant's rows of a table. */
export type TableStanding =
  /** By its tenant column, or by a join to a row of the tenant's. */
  | "tenant"
  /** The statement alone does not tell. */
  | "unknown"
  | "without";

export interface JudgedTable {
  readonly table: AuditedTable;
  readonly standing: TableStanding;
  /** Why it is not known. */
  readonly why: string;
  /** The statement changes or deletes its rows. */
  readonly isChanged: boolean;
  /** Its tenant column is compared in one arm of an OR, and another goes round it. */
  readonly isEscaped: boolean;
}

const rank = { tenant: 0, unknown: 1, without: 2 } as const;

/** Judges each tenant-scoped table of a statement once, by its weakest mention. Pure. */
export function judgeShape({ sources, limits }: StatementShape, knowledge: Knowledge): JudgedTable[] {
  // A parameter by itself leaves out nothing; only as an arm of an OR does it count.
  const standing = solve(
    sources,
    limits.filter(({ condition }) => condition.kind !== "value"),
    knowledge,
  );
  const judged = new Map<string, JudgedTable>();
  for (const source of sources) {
    const table = knowledge.auditedTable(source);
    if (!table?.tenantColumn || source.role === "inserted" || table.isTenant) continue;
    const isView = table.table.kind === "view" || table.table.kind === "materialized view";
    if (!table.isScoped && !isView) continue;
    const { level, why } = standing[source.id]!;
    const found = level === 2 ? "tenant" : level === 1 || isView ? "unknown" : "without";
    const one: JudgedTable = {
      table,
      standing: found,
      why: found === "unknown" ? why || "a view: what it reads itself is not looked into" : "",
      isChanged: source.role === "changed",
      isEscaped: found === "without" && isEscaped(limits, source, table.tenantColumn.name),
    };
    const known = judged.get(table.table.id);
    if (!known || rank[one.standing] > rank[known.standing]) judged.set(table.table.id, one);
  }
  return [...judged.values()];
}

function isEscaped(limits: readonly Limit[], { id }: Source, column: string): boolean {
  return limits.some(
    ({ condition }) =>
      condition.kind === "or" && JSON.stringify(condition).includes(JSON.stringify({ source: id, column })),
  );
}
