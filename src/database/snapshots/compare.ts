import type { DataSnapshot, TableComparison, TableSnapshot, TenantRows } from "../../findings/snapshot.js";
import { type Difference, judgeKeys } from "./keys.js";
import { commonColumns, judgeValues } from "./values.js";

/**
 * What became of each table, the gravest first. Keys tell which rows are the same ones, values whether those
 * were changed. Pure.
 *
 * @param before taken first
 * @param after where writes since are set apart, those count as `written` and not as differences
 */
export function compareSnapshots(before: DataSnapshot, after: DataSnapshot): TableComparison[] {
  const nameOf = ({ schema, table }: TableSnapshot) => JSON.stringify([schema, table]);
  const now = new Map(after.tables.map((table) => [nameOf(table), table]));
  const known = new Set(before.tables.map(nameOf));
  return [
    ...before.tables.map((table) => {
      const later = now.get(nameOf(table));
      return later ? compareTables(table, later) : oneSided(table, "gone");
    }),
    ...after.tables.filter((table) => !known.has(nameOf(table))).map((table) => oneSided(table, "new")),
  ].sort((left, right) => weight(right) - weight(left) || (fullName(left) < fullName(right) ? -1 : 1));
}

function compareTables(before: TableSnapshot, after: TableSnapshot): TableComparison {
  if (before.isByTenant !== after.isByTenant)
    return { ...compareTables(asOneGroup(before), asOneGroup(after)), state: "without tenants" };
  const columns = commonColumns(before, after);
  const isSameKey = waysOf(before.key) === waysOf(after.key);
  const keys = judgeKeys(before, after, !isSameKey ? "nothing" : before.key.length > 0 ? "keys" : "rows");
  const values = judgeValues(before, after, columns.common, keys);
  const differences = [...keys.differences, ...values.differences].sort(gravestFirst);
  const sum = (...kinds: Difference["what"][]) =>
    differences.reduce((total, { what, rows }) => total + (kinds.includes(what) ? rows : 0), 0);
  const lost = sum("lost", "replaced");
  const added = sum("added", "replaced");
  return {
    ...nameAndModel(before),
    state: "compared",
    rowsBefore: rowsOf(before),
    rowsNow: rowsOf(after),
    lost,
    added,
    moved: sum("moved away", "moved"),
    mayHaveMoved: before.isByTenant ? Math.min(sum("lost"), sum("added")) : 0,
    written: after.groups.reduce((total, { written = 0 }) => total + written, 0),
    changedColumns: values.changedColumns,
    leftOut: columns.leftOut,
    notCompared: columns.notCompared,
    ...(isSameKey ? {} : { formerKey: before.key.map(({ name }) => name) }),
    tenantsNotCompared: values.tenantsNotCompared,
    tenants: differences,
  };
}

/** Sums of groups add up: where one side has no tenants, the rows as a whole can still be compared. */
function asOneGroup(table: TableSnapshot): TableSnapshot {
  const sum = (number: (group: TenantRows) => number) =>
    table.groups.reduce((total, group) => total + number(group), 0);
  const sumOfHashes = (hash: (group: TenantRows) => bigint) =>
    BigInt.asUintN(
      64,
      table.groups.reduce((total, group) => total + hash(group), 0n),
    );
  const hasTimes = (key: "written" | "created") => table.groups.some((group) => group[key] !== undefined);
  return {
    ...table,
    isByTenant: false,
    groups: [
      {
        tenant: null,
        rows: sum(({ rows }) => rows),
        keys: sumOfHashes(({ keys }) => keys),
        values: table.columns.map((_, index) => sumOfHashes(({ values }) => values[index]!)),
        ...(hasTimes("written") ? { written: sum(({ written = 0 }) => written) } : {}),
        ...(hasTimes("created") ? { created: sum(({ created = 0 }) => created) } : {}),
      },
    ],
  };
}

function oneSided(table: TableSnapshot, state: "gone" | "new"): TableComparison {
  const rows = rowsOf(table);
  const isGone = state === "gone";
  return {
    ...nameAndModel(table),
    state,
    rowsBefore: isGone ? rows : 0,
    rowsNow: isGone ? 0 : rows,
    lost: isGone ? rows : 0,
    added: isGone ? 0 : rows,
    ...{
      moved: 0,
      mayHaveMoved: 0,
      written: 0,
      changedColumns: [],
      leftOut: [],
      notCompared: [],
      tenantsNotCompared: 0,
    },
    tenants: table.groups.map(({ tenant, rows: number }) => ({
      tenant,
      before: isGone ? number : 0,
      now: isGone ? 0 : number,
      what: isGone ? ("lost" as const) : ("added" as const),
      rows: number,
    })),
  };
}

function nameAndModel({ schema, table, model }: TableSnapshot) {
  return { schema, table, model };
}

function fullName({ schema, table }: TableComparison): string {
  return `${schema}.${table}`;
}

function waysOf(columns: TableSnapshot["key"]): string {
  return JSON.stringify(columns.map(({ name, way }) => [name, way]));
}

/** Rows there were; those created since, too. */
function rowsOf({ groups }: TableSnapshot): number {
  return groups.reduce((sum, { rows, created = 0 }) => sum + rows + created, 0);
}

const gravity: readonly Difference["what"][] = [
  ...(["moved here", "moved away", "moved", "lost", "replaced", "changed", "added"] as const),
];

function gravestFirst(left: Difference, right: Difference): number {
  return gravity.indexOf(left.what) - gravity.indexOf(right.what) || right.rows - left.rows;
}

function weight({ moved, lost, changedColumns, added }: TableComparison): number {
  return moved > 0 ? 4 : lost > 0 ? 3 : changedColumns.length > 0 ? 2 : added > 0 ? 1 : 0;
}
