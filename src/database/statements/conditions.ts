import type { SqlNode } from "../../adapters/sql-parser.js";
import { readInside, readOperand } from "./operands.js";
import { addLimit, namesOf, type OpenLimit, type Reading } from "./reading.js";
import type { Scope } from "./scope.js";
import { type Condition, type Operand, unknownOperand } from "./shape.js";

/** Reads a condition that has to hold, and what it limits. */
export function readConjuncts(
  reading: Reading,
  node: SqlNode | undefined,
  scope: Scope,
  targets: readonly Set<number>[],
): OpenLimit[] {
  if (node === undefined) return [];
  if ("BoolExpr" in node && node.BoolExpr.boolop === "AND_EXPR")
    return (node.BoolExpr.args ?? []).flatMap((arg) => readConjuncts(reading, arg, scope, targets));
  if ("SubLink" in node && node.SubLink.subselect) {
    const { subLinkType, subselect, testexpr } = node.SubLink;
    if (subLinkType === "EXISTS_SUBLINK") {
      reading.readQuery(subselect, { scope, within: [], targets });
      return [];
    }
    if (isMember(node.SubLink)) {
      // Rows of either side that have no match in the other play no part.
      const query = reading.readQuery(subselect, { scope, within: [], targets });
      const pairs = sidesOf(testexpr).map((side, index) =>
        compare("in", readOperand(reading, side, scope), query.outputs.at(index) ?? unknownOperand),
      );
      return pairs.map((pair) => addLimit(reading, pair, [...targets, query.own]));
    }
  }
  return readCondition(reading, node, scope).map((condition) => addLimit(reading, condition, targets));
}

/** Conditions that hold where the expression does. */
function readCondition(reading: Reading, node: SqlNode, scope: Scope): Condition[] {
  if ("BoolExpr" in node) {
    const { boolop, args = [] } = node.BoolExpr;
    if (boolop === "AND_EXPR") return args.flatMap((arg) => readCondition(reading, arg, scope));
    if (boolop === "OR_EXPR")
      return [{ kind: "or", arms: args.map((arg) => readCondition(reading, arg, scope)) }];
  }
  if ("A_Expr" in node) {
    const found = readComparison(reading, node.A_Expr, scope);
    if (found) return found;
  }
  if ("NullTest" in node) {
    const operand = readOperand(reading, node.NullTest.arg, scope);
    if (operand.kind === "value") return [{ kind: "value" }];
    return [{ kind: "null", operand, isNull: node.NullTest.nulltesttype === "IS_NULL" }];
  }
  if ("SubLink" in node && node.SubLink.subselect && isMember(node.SubLink)) {
    const query = reading.readQuery(node.SubLink.subselect, { scope, within: [], targets: [] });
    return sidesOf(node.SubLink.testexpr).map((side, index) =>
      compare("in", readOperand(reading, side, scope), query.outputs.at(index) ?? unknownOperand),
    );
  }
  if (isTrue(node)) return [];
  const { columns, hasQuery } = readInside(reading, node, scope);
  return [columns.length === 0 && !hasQuery ? { kind: "value" } : { kind: "other", columns }];
}

type Comparison = Extract<SqlNode, { A_Expr: unknown }>["A_Expr"];

const operators: Readonly<Partial<Record<NonNullable<Comparison["kind"]>, string>>> = {
  AEXPR_NOT_DISTINCT: "=",
  AEXPR_LIKE: "like",
  AEXPR_ILIKE: "ilike",
  AEXPR_BETWEEN: "between",
  AEXPR_BETWEEN_SYM: "between",
};

function readComparison(reading: Reading, node: Comparison, scope: Scope): Condition[] | undefined {
  const name = namesOf(node.name).at(-1)!;
  const { kind, lexpr, rexpr } = node;
  const left = sidesOf(lexpr);
  const right = sidesOf(rexpr);
  if (kind === "AEXPR_OP" && name === "=" && left.length > 1 && left.length === right.length) {
    return left.map((side, index) =>
      compare("=", readOperand(reading, side, scope), readOperand(reading, right[index], scope)),
    );
  }
  if (kind === "AEXPR_IN" || kind === "AEXPR_OP_ANY") {
    if (name !== "=") return undefined;
    const list = readList(reading, rexpr, scope);
    return left.map((side) => compare("in", readOperand(reading, side, scope), list));
  }
  const operator = kind === "AEXPR_OP" ? name : operators[kind ?? "AEXPR_OP"];
  if (operator === undefined || lexpr === undefined) return undefined;
  const [one, other] = [readOperand(reading, lexpr, scope), readOperand(reading, rexpr, scope)];
  return [one.kind === "value" && other.kind === "value" ? { kind: "value" } : compare(operator, one, other)];
}

/** `($1, $2)`, an array, or anything else that `= ANY` takes. */
function readList(reading: Reading, node: SqlNode | undefined, scope: Scope): Operand {
  const items = node && "List" in node ? (node.List.items ?? []) : node ? [node] : [];
  const { columns, hasQuery } = readInside(reading, items, scope);
  return columns.length === 0 && !hasQuery ? { kind: "value" } : { kind: "other", columns };
}

function compare(operator: string, left: Operand, right: Operand): Condition {
  return { kind: "compare", operator, left, right };
}

/** `IN (select …)`, `= ANY (select …)` */
function isMember(link: Extract<SqlNode, { SubLink: unknown }>["SubLink"]): boolean {
  const operator = namesOf(link.operName).at(-1) ?? "=";
  return link.subLinkType === "ANY_SUBLINK" && operator === "=";
}

/** The columns of `(a, b)`, or the one expression. */
function sidesOf(node: SqlNode | undefined): SqlNode[] {
  if (node === undefined) return [];
  return "RowExpr" in node ? (node.RowExpr.args ?? []) : [node];
}

function isTrue(node: SqlNode): boolean {
  return "A_Const" in node && node.A_Const.boolval?.boolval === true;
}
