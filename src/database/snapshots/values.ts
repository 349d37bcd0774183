import { type TableSnapshot, wholeRow } from "../../findings/snapshot.js";
import type { Difference, KeyJudgement, TenantPair } from "./keys.js";

interface CommonColumns {
  readonly common: readonly CommonColumn[];
  /** Columns of one side only, and those whose type is another now. */
  readonly leftOut: readonly string[];
  /** Those of them that were there before: what became of their values is not known. */
  readonly notCompared: readonly string[];
}

interface CommonColumn {
  readonly name: string;
  /** Places among the sums of each side. */
  readonly before: number;
  readonly after: number;
}

/** Columns that both hashed in the same way. */
export function commonColumns(before: TableSnapshot, after: TableSnapshot): CommonColumns {
  const places = new Map(after.columns.map((column, index) => [column.name, { ...column, index }]));
  const common = before.columns.flatMap(({ name, way }, index) => {
    const other = places.get(name);
    return other?.way === way ? [{ name, before: index, after: other.index }] : [];
  });
  const kept = new Set(common.map(({ name }) => name));
  const isLeftOut = ({ name }: { name: string }) => !kept.has(name);
  const nameOf = ({ name }: { name: string }) => name;
  const notCompared = before.columns.filter(isLeftOut).map(nameOf);
  const leftOut = [...new Set([...notCompared, ...after.columns.filter(isLeftOut).map(nameOf)])];
  return { common, leftOut, notCompared };
}

/** Whose values differ, among the tenants that have the same rows as before. */
export function judgeValues(
  before: TableSnapshot,
  after: TableSnapshot,
  common: readonly CommonColumn[],
  { same, exchanged, others }: KeyJudgement,
): { differences: Difference[]; changedColumns: string[]; tenantsNotCompared: number } {
  const hasSameSeeds = before.key.length === 0 ? after.key.length === 0 : isSameKey(before, after);
  if (!hasSameSeeds) return { differences: [], changedColumns: [], tenantsNotCompared: same.length + others };
  const differing = (group: readonly TenantPair[]) =>
    common
      .filter((column) => sumOf(group, column, "before") !== sumOf(group, column, "after"))
      .map(({ name }) => name);
  const differences = same.flatMap((pair): Difference[] => {
    const columns = differing([pair]);
    const { rows = 0 } = pair.before ?? {};
    return columns.length
      ? [{ tenant: pair.tenant, before: rows, now: rows, what: "changed", rows: 1, columns }]
      : [];
  });
  // A row that moved has another tenant now, and that is no change besides.
  const ofMoved = exchanged
    .flatMap(differing)
    .filter((name) => name !== before.tenantColumn && name !== wholeRow);
  const changedColumns = [...new Set([...differences.flatMap(({ columns = [] }) => columns), ...ofMoved])];
  return { differences, changedColumns: changedColumns.sort(), tenantsNotCompared: others };
}

function isSameKey(before: TableSnapshot, after: TableSnapshot): boolean {
  const listed = ({ key }: TableSnapshot) => JSON.stringify(key.map(({ name, way }) => [name, way]));
  return listed(before) === listed(after);
}

function sumOf(group: readonly TenantPair[], column: CommonColumn, side: "before" | "after"): bigint {
  return BigInt.asUintN(
    64,
    group.reduce((sum, pair) => sum + (pair[side]?.values[column[side]] ?? 0n), 0n),
  );
}
