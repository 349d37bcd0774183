import type { DataSnapshot, TableComparison, UnseenTable } from "../../findings/snapshot.js";

/** What two snapshots leave open, in words: each is a reason why a comparison without findings is no pass. */
export function doubtsOf(before: DataSnapshot, tables: readonly TableComparison[]): string[] {
  return [
    ...before.unseen.map(
      ({ schema, table, reason }) => `${schema}.${table} is not in the snapshot (${reason})`,
    ),
    ...tables.flatMap(doubtsOfTable),
  ];
}

function doubtsOfTable(table: TableComparison): string[] {
  const { formerKey, notCompared, tenantsNotCompared: others } = table;
  const name = `${table.schema}.${table.table}`;
  const doubts: string[] = [];
  if (table.state === "without tenants")
    doubts.push("its rows were told apart by tenant in one of the two only; they were compared as a whole");
  if (formerKey)
    doubts.push(
      `its key was ${formerKey.join(", ") || "none"}, and is another now: only numbers were compared`,
    );
  else if (others > 0)
    doubts.push(
      `values of ${others} ${others === 1 ? "tenant" : "tenants"} could not be compared, for some of their rows came, went or were written since`,
    );
  if (notCompared.length > 0)
    doubts.push(`values of ${notCompared.join(", ")} can't be compared: gone, or of another type now`);
  return doubts.map((doubt) => `${name}: ${doubt}`);
}

/** Tables that both snapshots could read: of the others nothing can be told, neither that they are gone nor that they are new. */
export function readable(
  tables: readonly TableComparison[],
  ...unseen: readonly (readonly UnseenTable[])[]
): TableComparison[] {
  const isHidden = ({ schema, table }: TableComparison) =>
    unseen.flat().some((hidden) => hidden.schema === schema && hidden.table === table);
  return tables.filter((table) => !isHidden(table));
}
