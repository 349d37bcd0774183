import type { SqlNode, SqlParser } from "../../adapters/sql-parser.js";
import { readQuery } from "./query.js";
import { type FindTable, type Reading, TooLarge } from "./reading.js";
import type { StatementShape } from "./shape.js";

const kinds = {
  SelectStmt: "select",
  InsertStmt: "insert",
  UpdateStmt: "update",
  DeleteStmt: "delete",
  MergeStmt: "merge",
} as const;

/**
 * Takes a parsed statement apart. Pure.
 *
 * @returns undefined for a statement that asks no rows (DDL, COPY, SET), or is too large to take apart
 */
export function readShape(statement: SqlNode, findTable: FindTable): StatementShape | undefined {
  const [type] = Object.keys(statement);
  const kind = kinds[type as keyof typeof kinds];
  if (kind === undefined) return undefined;
  const reading: Reading = {
    findTable,
    sources: [],
    limits: [],
    orders: [],
    readQuery: (node, place) => readQuery(reading, node, place),
  };
  try {
    readQuery(reading, statement, { scope: undefined, within: [], targets: [] });
  } catch (error) {
    // RangeError: a tree deeper than the stack.
    if (error instanceof TooLarge || error instanceof RangeError) return undefined;
    throw error;
  }
  const { sources, limits, orders } = reading;
  return { kind, sources, limits, orders };
}

/** Reads a statement's text; undefined where it can't be read, is several, or asks no rows. */
export function shapeOf(parser: SqlParser, text: string, findTable: FindTable): StatementShape | undefined {
  const statements = parser.parse(text);
  return statements?.length === 1 ? readShape(statements[0]!, findTable) : undefined;
}
