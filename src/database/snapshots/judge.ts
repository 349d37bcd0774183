import type { FindingDraft } from "../../findings/finding.js";
import type { RuleId } from "../../findings/rules.js";
import type { DataSnapshot, TableComparison } from "../../findings/snapshot.js";

const mostTenants = 10;

/** One finding a table and kind of difference. */
export function judgeTables(tables: readonly TableComparison[], before: DataSnapshot): FindingDraft[] {
  return tables.flatMap((table) => {
    const since = `since ${before.takenAt.slice(0, 19).replace("T", " ")} UTC`;
    return [...moved(table, since), ...lost(table, since), ...changed(table, since), ...added(table, since)];
  });
}

const remedies = {
  look: "See who wrote to the table in that time; restore what is missing from a backup of before, into a scratch database first",
  changed:
    "Where the application went on writing, name the columns that say when: --since updatedAt --created createdAt; else see which statement of the rollout wrote them",
  added: "Where that is the usual traffic, set it apart: --created createdAt",
};

function moved(table: TableComparison, since: string): FindingDraft[] {
  if (table.moved === 0) return [];
  const concerned = table.tenants.filter(({ what }) => what.startsWith("moved"));
  const message = `${atLeast(concerned)}${rowsOf(table.moved)} of ${nameOf(table)} ${table.moved === 1 ? "belongs" : "belong"} to another tenant ${since}; ${concerned.length} tenants are concerned`;
  return [draft("db/rows-moved", table, message, remedies.look, table.moved, concerned)];
}

function lost(table: TableComparison, since: string): FindingDraft[] {
  if (table.lost === 0) return [];
  const concerned = table.tenants.filter(({ what }) => what === "lost" || what === "replaced");
  const whole =
    table.state === "gone"
      ? `the table ${nameOf(table)} is gone, with ${rowsOf(table.lost)}`
      : `${atLeast(concerned)}${rowsOf(table.lost)} of ${nameOf(table)} ${table.lost === 1 ? "is" : "are"} ${table.mayHaveMoved > 0 ? "not whose they were" : "gone"} ${since}${ofTenants(concerned.length, table)}`;
  const sure = table.lost - table.mayHaveMoved;
  const other =
    table.mayHaveMoved > 0
      ? `: ${sure > 0 ? `at least ${rowsOf(sure)} gone, ` : ""}up to ${table.mayHaveMoved} may be among those that others gained`
      : "";
  return [
    draft("db/rows-lost", table, whole + other, remedies.look, sure > 0 ? sure : table.lost, concerned),
  ];
}

function changed(table: TableComparison, since: string): FindingDraft[] {
  if (table.changedColumns.length === 0) return [];
  const concerned = table.tenants.filter(({ what }) => what === "changed");
  const message = `rows of ${nameOf(table)} have other values ${since} in ${table.changedColumns.join(", ")}${ofTenants(concerned.length, table)}`;
  return [draft("db/rows-changed", table, message, remedies.changed, undefined, concerned)];
}

function added(table: TableComparison, since: string): FindingDraft[] {
  if (table.added === 0 || table.state === "new") return [];
  const concerned = table.tenants.filter(({ what }) => what === "added" || what === "replaced");
  const message = `${atLeast(concerned)}${rowsOf(table.added)} of ${nameOf(table)} ${table.added === 1 ? "is" : "are"} new ${since}${ofTenants(concerned.length, table)}`;
  return [draft("db/rows-added", table, message, remedies.added, table.added, concerned)];
}

/** Sums tell a balance: only of a tenant that has none now, or had none before, it is the number of rows. */
function isExact(concerned: TableComparison["tenants"]): boolean {
  return concerned.every(({ before, now }) => before === 0 || now === 0);
}

function atLeast(concerned: TableComparison["tenants"]): string {
  return isExact(concerned) ? "" : "at least ";
}

function draft(
  rule: RuleId,
  table: TableComparison,
  message: string,
  remedy: string,
  rows: number | undefined,
  concerned: TableComparison["tenants"],
): FindingDraft {
  const { schema, table: name, model } = table;
  return {
    rule,
    subject: { ...(model === null ? {} : { model }), schema, table: name },
    message,
    remedy,
    evidence: {
      ...(rows === undefined
        ? {}
        : { rows, ...(isExact(concerned) ? {} : { estimated: true, atLeast: true }) }),
      before: table.rowsBefore,
      now: table.rowsNow,
      tenants: concerned
        .slice(0, mostTenants)
        .map(({ columns, ...each }) => ({ ...each, ...(columns ? { columns } : {}) })),
    },
  };
}

function ofTenants(number: number, { state }: TableComparison): string {
  return state === "compared" && number > 0 ? `, of ${number} ${number === 1 ? "tenant" : "tenants"}` : "";
}

/** `1 row`, `2,000 rows` */
export function rowsOf(number: number): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? "row" : "rows"}`;
}

function nameOf({ schema, table }: TableComparison): string {
  return `${schema}.${table}`;
}
