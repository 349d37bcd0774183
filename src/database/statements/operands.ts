import type { SqlNode } from "../../adapters/sql-parser.js";
import { namesOf, type Reading } from "./reading.js";
import { lookUp, type Scope } from "./scope.js";
import { type ColumnAt, columnsOf, type Operand, unknownOperand } from "./shape.js";

/** One side of a comparison. */
export function readOperand(reading: Reading, node: SqlNode | undefined, scope: Scope): Operand {
  if (node === undefined) return unknownOperand;
  if ("TypeCast" in node) return readOperand(reading, node.TypeCast.arg, scope);
  if ("CollateClause" in node) return readOperand(reading, node.CollateClause.arg, scope);
  if ("ColumnRef" in node) {
    const names = namesOf(node.ColumnRef.fields);
    return names.length === node.ColumnRef.fields?.length ? lookUp(scope, names) : unknownOperand;
  }
  if ("SubLink" in node && node.SubLink.subLinkType === "EXPR_SUBLINK" && node.SubLink.subselect) {
    const query = reading.readQuery(node.SubLink.subselect, { scope, within: [], targets: [] });
    return query.outputs.at(0) ?? unknownOperand;
  }
  const { columns, hasQuery } = readInside(reading, node, scope);
  return columns.length === 0 && !hasQuery ? { kind: "value" } : { kind: "other", columns };
}

/** Columns and queries anywhere inside an expression. The queries are read as parts of the statement. */
export function readInside(
  reading: Reading,
  node: unknown,
  scope: Scope,
): { readonly columns: readonly ColumnAt[]; readonly hasQuery: boolean } {
  const columns: ColumnAt[] = [];
  let hasQuery = false;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const part = value as SqlNode;
    if ("ColumnRef" in part) {
      const operand = readOperand(reading, part, scope);
      columns.push(...columnsOf(operand));
      // A column that could not be followed is no value either.
      hasQuery ||= operand.kind === "other";
      return;
    }
    if ("SubLink" in part) {
      hasQuery = true;
      visit(part.SubLink.testexpr);
      if (part.SubLink.subselect)
        reading.readQuery(part.SubLink.subselect, { scope, within: [], targets: [] });
      return;
    }
    for (const item of Object.values(part)) visit(item);
  };
  visit(node);
  return { columns, hasQuery };
}
