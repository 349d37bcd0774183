import type { SqlNode } from "../../adapters/sql-parser.js";
import { readConjuncts } from "./conditions.js";
import { type Level, readFrom, readTable, renamed } from "./from.js";
import { readInside, readOperand } from "./operands.js";
import { namesOf, type OpenLimit, type Place, type Reading, type ReadQuery, TooLarge } from "./reading.js";
import { amongEntries, type Entry, innerScope, type Outputs, type Scope, unitedOutputs } from "./scope.js";
import { columnsOf, type Operand, type SortColumn, unknownOperand } from "./shape.js";

type Select = Extract<SqlNode, { SelectStmt: unknown }>["SelectStmt"];
type With = Select["withClause"];

const nothing: Outputs = { named: () => undefined, at: () => undefined };

/** Reads a query, or a statement that changes rows, with everything in it. */
export function readQuery(reading: Reading, node: SqlNode, place: Place): ReadQuery {
  if ("SelectStmt" in node) return readSelect(reading, node.SelectStmt, place);
  const own = new Set<number>();
  const level = levelOf(place, own);
  if ("UpdateStmt" in node) {
    const { withClause, relation, fromClause = [], whereClause, ...rest } = node.UpdateStmt;
    readNamed(reading, withClause, level);
    readTable(reading, relation!, level, "changed");
    for (const item of fromClause) readFrom(reading, item, level);
    readWhere(reading, whereClause, level);
    readInside(reading, rest, level.scope);
  } else if ("DeleteStmt" in node) {
    const { withClause, relation, usingClause = [], whereClause, ...rest } = node.DeleteStmt;
    readNamed(reading, withClause, level);
    readTable(reading, relation!, level, "changed");
    for (const item of usingClause) readFrom(reading, item, level);
    readWhere(reading, whereClause, level);
    readInside(reading, rest, level.scope);
  } else if ("MergeStmt" in node) {
    const { withClause, relation, sourceRelation, joinCondition, ...rest } = node.MergeStmt;
    readNamed(reading, withClause, level);
    readTable(reading, relation!, level, "changed");
    readFrom(reading, sourceRelation!, level);
    readWhere(reading, joinCondition, level);
    readInside(reading, rest, level.scope);
  } else if ("InsertStmt" in node) {
    const { withClause, relation, selectStmt, ...rest } = node.InsertStmt;
    readNamed(reading, withClause, level);
    if (selectStmt) readQuery(reading, selectStmt, { ...place, scope: level.scope });
    readTable(reading, relation!, level, "inserted");
    readInside(reading, rest, level.scope);
  } else throw new TooLarge();
  return { outputs: nothing, names: [], own };
}

function readSelect(reading: Reading, select: Select, place: Place): ReadQuery {
  const own = new Set<number>();
  const level = levelOf(place, own);
  readNamed(reading, select.withClause, level);
  if (select.op && select.op !== "SETOP_NONE") return readSetOperation(reading, select, place, level, own);
  for (const item of select.fromClause ?? []) readFrom(reading, item, level);
  readWhere(reading, select.whereClause, level);
  const { outputs, names } = readTargets(reading, select.targetList ?? [], level.scope);
  readInside(reading, [select.groupClause, select.havingClause, select.valuesLists], level.scope);
  readOrder(reading, select, level.scope, outputs);
  return { outputs, names, own };
}

function readSetOperation(
  reading: Reading,
  select: Select,
  place: Place,
  level: Level,
  own: Set<number>,
): ReadQuery {
  // One arm alone may bring the rows: none of them limits what is around.
  const inner = { scope: level.scope, within: [...place.within, own], targets: [] };
  const left = readSelect(reading, select.larg!, inner);
  const right = readSelect(reading, select.rarg!, inner);
  return { outputs: unitedOutputs(left.outputs, right.outputs, left.names), names: left.names, own };
}

function levelOf({ scope, within, targets }: Place, own: Set<number>): Level {
  return { scope: innerScope(scope), within: [own, ...within], targets: [own, ...targets], missable: [] };
}

/** WHERE; and what it tells of outer joins: a side that a condition needs is not missing. */
function readWhere(reading: Reading, where: SqlNode | undefined, level: Level): void {
  const start = reading.limits.length;
  readConjuncts(reading, where, level.scope, level.targets);
  const needed = reading.limits
    .slice(start)
    .filter(({ targets }) => level.targets.every((set) => targets.includes(set)));
  const sources = new Set(needed.flatMap(sourcesNeeded));
  for (const side of level.missable) {
    if (![...side.sources].some((id) => sources.has(id))) continue;
    for (const limit of side.limits) limit.targets.push(...level.targets);
  }
}

function sourcesNeeded({ condition }: OpenLimit): number[] {
  if (condition.kind === "compare" && condition.operator !== "=") {
    if (condition.operator !== "in") return [];
  }
  const operands =
    condition.kind === "compare"
      ? [condition.left, condition.right]
      : condition.kind === "null" && !condition.isNull
        ? [condition.operand]
        : [];
  return operands.flatMap((operand) =>
    operand.kind === "column" ? columnsOf(operand).map(({ source }) => source) : [],
  );
}

/** WITH: a query is read where its name stands; one that changes rows is read once, here. */
function readNamed(reading: Reading, clause: With, level: Level): void {
  for (const node of clause?.ctes ?? []) {
    if (!("CommonTableExpr" in node)) continue;
    const { ctename = "", ctequery, aliascolnames } = node.CommonTableExpr;
    const scope: Scope = { entries: [], named: new Map(level.scope.named), parent: level.scope.parent };
    if (!ctequery || !("SelectStmt" in ctequery)) {
      if (ctequery) readQuery(reading, ctequery, { scope, within: [], targets: [] });
      level.scope.named.set(ctename, () => ({ kind: "opaque" }));
      continue;
    }
    // Its own name inside it is what it has found so far.
    if (clause?.recursive) scope.named.set(ctename, () => ({ kind: "opaque" }));
    const read = (within: readonly Set<number>[]): Entry => {
      const { outputs } = readQuery(reading, ctequery, { scope, within, targets: [] });
      return renamed({ kind: "query", outputs }, aliascolnames);
    };
    level.scope.named.set(ctename, read);
  }
}

/** What a query gives out, by name and by place. */
function readTargets(reading: Reading, targets: readonly SqlNode[], scope: Scope) {
  const listed: { name: string | undefined; operand: Operand }[] = [];
  let hasStar = false;
  for (const node of targets) {
    if (!("ResTarget" in node)) continue;
    const { name, val } = node.ResTarget;
    const fields = val && "ColumnRef" in val ? (val.ColumnRef.fields ?? []) : [];
    const last = fields.at(-1);
    if (last && "A_Star" in last) {
      hasStar = true;
      continue;
    }
    listed.push({ name: name ?? namesOf(fields).at(-1), operand: readOperand(reading, val, scope) });
  }
  const outputs: Outputs = {
    at: (index) => (hasStar ? unknownOperand : listed[index]?.operand),
    named: (name) => {
      const found = listed.find((each) => each.name === name)?.operand;
      return found ?? (hasStar ? throughStar(scope, name) : undefined);
    },
  };
  return { outputs, names: hasStar ? [] : listed.map(({ name }) => name ?? "") };
}

/** `*` and `alias.*` give every column of FROM under its own name. */
function throughStar({ entries }: Scope, name: string): Operand | undefined {
  return amongEntries(
    entries.map(({ entry }) => entry),
    name,
  );
}

function readOrder(reading: Reading, select: Select, scope: Scope, outputs: Outputs): void {
  const columns: SortColumn[] = [];
  for (const node of select.sortClause ?? []) {
    if (!("SortBy" in node)) break;
    const { node: by, sortby_dir, sortby_nulls } = node.SortBy;
    const operand = sortedBy(reading, by, scope, outputs);
    if (operand?.kind !== "column" || operand.columns.length !== 1) break;
    columns.push({
      ...operand.columns[0]!,
      isDescending: sortby_dir === "SORTBY_DESC",
      nulls:
        sortby_nulls === "SORTBY_NULLS_FIRST"
          ? "first"
          : sortby_nulls === "SORTBY_NULLS_LAST"
            ? "last"
            : undefined,
    });
  }
  if (columns.length) reading.orders.push({ columns, hasLimit: select.limitCount !== undefined });
}

/** A name alone is one of the query's outputs before it is a column; a number is a place. */
function sortedBy(
  reading: Reading,
  node: SqlNode | undefined,
  scope: Scope,
  outputs: Outputs,
): Operand | undefined {
  if (node && "ColumnRef" in node) {
    const names = namesOf(node.ColumnRef.fields);
    const output = names.length === 1 ? outputs.named(names[0]!) : undefined;
    if (output) return output;
  }
  if (node && "A_Const" in node && node.A_Const.ival) return outputs.at((node.A_Const.ival.ival ?? 0) - 1);
  return readOperand(reading, node, scope);
}
