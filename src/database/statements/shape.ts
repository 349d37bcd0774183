import type { CatalogTable } from "../catalog/types.js";

/**
 * A statement as its conditions are looked at: all tables that it names, however deep, and what limits their
 * rows. Queries in FROM, CTEs and sub-selects are taken apart: their columns lead to those of tables.
 */
export interface StatementShape {
  readonly kind: "select" | "insert" | "update" | "delete" | "merge";
  readonly sources: readonly Source[];
  readonly limits: readonly Limit[];
  readonly orders: readonly Order[];
}

/** One mention of a table in a statement. */
export interface Source {
  readonly id: number;
  /** As written; undefined where the search path decides. */
  readonly schema: string | undefined;
  readonly name: string;
  readonly alias: string;
  /** What the catalog has under that name; undefined where it has nothing, or several. */
  readonly table: CatalogTable | undefined;
  /** Rows of a `changed` one are updated or deleted; an `inserted` one gets new ones. */
  readonly role: "read" | "changed" | "inserted";
}

export interface ColumnAt {
  /** Id of a source. */
  readonly source: number;
  readonly column: string;
}

export type Operand =
  /** Columns that it may be: one, or of a UNION one for each arm. */
  | { readonly kind: "column"; readonly columns: readonly ColumnAt[] }
  /** Parameters, constants, settings: nothing of any row. */
  | { readonly kind: "value" }
  /** An expression over these columns, or something that could not be followed. */
  | { readonly kind: "other"; readonly columns: readonly ColumnAt[] };

export type Condition =
  /** `operator` is `=`, `in`, `<`, `like`, `between` and so on; `in` is `= ANY` too. */
  | { readonly kind: "compare"; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "null"; readonly operand: Operand; readonly isNull: boolean }
  /** Each arm is a list of which all hold. */
  | { readonly kind: "or"; readonly arms: readonly (readonly Condition[])[] }
  /** Nothing of any row: `$1`, `$1 IS NULL`. */
  | { readonly kind: "value" }
  | { readonly kind: "other"; readonly columns: readonly ColumnAt[] };

/** A condition that has to hold, and the sources whose rows it can leave out. */
export interface Limit {
  readonly condition: Condition;
  /** A source is limited if it is in any of them: the ON of a LEFT JOIN limits its right side only. */
  readonly targets: readonly ReadonlySet<number>[];
}

/** Columns by which one query of the statement sorts. */
export interface Order {
  readonly columns: readonly SortColumn[];
  /** It takes the first rows only. */
  readonly hasLimit: boolean;
}

export interface SortColumn extends ColumnAt {
  readonly isDescending: boolean;
  /** As written; undefined where it is the usual one. */
  readonly nulls: "first" | "last" | undefined;
}

export const unknownOperand: Operand = { kind: "other", columns: [] };

export function columnsOf(operand: Operand): readonly ColumnAt[] {
  return operand.kind === "value" ? [] : operand.columns;
}
