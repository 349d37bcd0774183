import {
  type ColumnAt,
  type Condition,
  columnsOf,
  type Operand,
  type Source,
  type StatementShape,
} from "./shape.js";

/** How a statement looks for rows of one table: what an index could serve. */
export interface TableUse {
  readonly source: Source;
  /** Compared with a value by `=` or `IN`. */
  readonly equal: readonly string[];
  /** Compared with another table's column by `=` or `IN`. */
  readonly joined: readonly string[];
  /** Compared by `<`, `>`, `BETWEEN` and their like. */
  readonly range: readonly string[];
  /** Columns that it sorts by, in order, where they are all of this table. */
  readonly order: readonly { readonly column: string; readonly isDescending: boolean }[];
  /** It takes the first rows of that order only. */
  readonly hasLimit: boolean;
}

const ranges: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "between"]);

/** Conditions under an OR are left out: one index does not serve them. */
export function tableUses({ sources, limits, orders }: StatementShape): TableUse[] {
  return sources
    .filter(({ role }) => role !== "inserted")
    .map((source) => {
      const own = limits.filter(({ targets }) => targets.some((set) => set.has(source.id)));
      const found = own.flatMap(({ condition }) => usesIn(condition, source.id));
      const columns = (way: Way) => [
        ...new Set(found.filter((use) => use.way === way).map(({ column }) => column)),
      ];
      const order = orders.find((each) => each.columns.every((column) => column.source === source.id));
      return {
        source,
        equal: columns("equal"),
        joined: columns("joined"),
        range: columns("range"),
        order: order?.columns.map(({ column, isDescending }) => ({ column, isDescending })) ?? [],
        hasLimit: order?.hasLimit ?? false,
      };
    });
}

type Way = "equal" | "joined" | "range";

function usesIn(condition: Condition, source: number): { way: Way; column: string }[] {
  if (condition.kind !== "compare") return [];
  const { operator, left, right } = condition;
  const isEqual = operator === "=" || operator === "in";
  const way = (other: Operand): Way | undefined =>
    ranges.has(operator) ? "range" : !isEqual ? undefined : other.kind === "value" ? "equal" : "joined";
  return [
    ...of(left, source).map(({ column }) => ({ way: way(right), column })),
    ...of(right, source).map(({ column }) => ({ way: way(left), column })),
  ].flatMap(({ way: found, column }) => (found ? [{ way: found, column }] : []));
}

function of(operand: Operand, source: number): ColumnAt[] {
  return operand.kind === "column" ? columnsOf(operand).filter((column) => column.source === source) : [];
}
