/**
 * What the server has counted of statements, and what a statement asks of which tables. Typical use:
 *
 *     const reading = await readStatements(snapshot);            // or why it can't be read
 *     const parser = await loadSqlParser();
 *     const shape = shapeOf(parser, text, tablesByName(catalog, defaultSchema));
 *     const uses = shape ? tableUses(shape) : [];                // columns by =, join, range, order, a table
 */
export { type TableUse, tableUses } from "./columns.js";
export { type StatementFacts, statementCommands } from "./install.js";
export { shapeOf } from "./read-shape.js";
export type { FindTable } from "./reading.js";
export type { Condition, Limit, Operand, Order, Source, StatementShape } from "./shape.js";
export {
  type NoStatements,
  readStatements,
  type StatementReading,
  type StatementStatistics,
} from "./statistics.js";
export { tablesByName } from "./tables.js";
