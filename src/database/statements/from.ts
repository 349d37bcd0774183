import type { SqlNode } from "../../adapters/sql-parser.js";
import { readConjuncts } from "./conditions.js";
import { readInside } from "./operands.js";
import { addLimit, addSource, namesOf, type OpenLimit, type Reading } from "./reading.js";
import { amongEntries, type Entry, namedQuery, type Outputs, type Scope } from "./scope.js";
import { type Source, unknownOperand } from "./shape.js";

/** A query whose FROM is read. */
export interface Level {
  readonly scope: Scope;
  /** Sets that its sources belong to. */
  readonly within: readonly Set<number>[];
  /** Sources that its conditions limit. */
  readonly targets: readonly Set<number>[];
  /** The sides of outer joins that may be missing, and the conditions of those joins. */
  readonly missable: { readonly sources: Set<number>; readonly limits: OpenLimit[] }[];
}

/** Reads an item of FROM, and makes its names known. Returns what it brought. */
export function readFrom(reading: Reading, node: SqlNode, level: Level): Entry[] {
  if ("RangeVar" in node) return [readTable(reading, node.RangeVar, level)];
  if ("JoinExpr" in node) return readJoin(reading, node.JoinExpr, level);
  if ("RangeSubselect" in node) return [readDerived(reading, node.RangeSubselect, level)];
  if ("RangeTableSample" in node && node.RangeTableSample.relation)
    return readFrom(reading, node.RangeTableSample.relation, level);
  readInside(reading, node, level.scope);
  const alias = "RangeFunction" in node ? node.RangeFunction.alias?.aliasname : undefined;
  return [named(level, alias ?? "", { kind: "opaque" })];
}

export type TableName = Extract<SqlNode, { RangeVar: unknown }>["RangeVar"];

export function readTable(
  reading: Reading,
  { schemaname, relname = "", alias }: TableName,
  level: Level,
  role: Source["role"] = "read",
): Entry {
  const query = schemaname === undefined && role === "read" ? namedQuery(level.scope, relname) : undefined;
  const name = alias?.aliasname ?? relname;
  if (query) return named(level, name, renamed(query(level.within), alias?.colnames));
  const table = reading.findTable(schemaname, relname);
  const source = addSource(
    reading,
    { schema: schemaname, name: relname, alias: name, table, role },
    level.within,
  );
  // Columns under other names are not followed.
  const entry: Entry = alias?.colnames ? { kind: "opaque" } : { kind: "source", source };
  return named(level, name, entry);
}

function readDerived(
  reading: Reading,
  { subquery, lateral, alias }: Extract<SqlNode, { RangeSubselect: unknown }>["RangeSubselect"],
  level: Level,
): Entry {
  // Only what is LATERAL sees the names beside it.
  const scope = lateral ? level.scope : level.scope.parent;
  const targets = lateral && returnsRowsOnly(subquery!) ? level.targets : [];
  const { outputs } = reading.readQuery(subquery!, {
    scope: scopeWithNames(scope, level.scope),
    within: level.within,
    targets,
  });
  return named(level, alias?.aliasname ?? "", renamed({ kind: "query", outputs }, alias?.colnames));
}

/** Queries named by this level's WITH are seen everywhere in its FROM. */
function scopeWithNames(scope: Scope | undefined, level: Scope): Scope {
  return { entries: [], named: level.named, parent: scope };
}

/** A total gives its one row even where no row matches: it leaves out nothing around it. */
function returnsRowsOnly(query: SqlNode): boolean {
  if (!("SelectStmt" in query)) return false;
  const { targetList = [], groupClause } = query.SelectStmt;
  return groupClause !== undefined || !JSON.stringify(targetList).includes('"FuncCall"');
}

function readJoin(
  reading: Reading,
  join: Extract<SqlNode, { JoinExpr: unknown }>["JoinExpr"],
  level: Level,
): Entry[] {
  const { jointype, larg, rarg, quals } = join;
  const mayMissLeft = jointype === "JOIN_RIGHT" || jointype === "JOIN_FULL";
  const mayMissRight = jointype === "JOIN_LEFT" || jointype === "JOIN_FULL";
  const left = readSide(reading, larg!, level, mayMissLeft);
  const right = readSide(reading, rarg!, level, mayMissRight);
  // What an outer join keeps, its condition does not limit.
  const targets =
    jointype === "JOIN_FULL"
      ? []
      : mayMissRight
        ? [right.sources]
        : mayMissLeft
          ? [left.sources]
          : level.targets;
  const limits = [
    ...readConjuncts(reading, quals, level.scope, targets),
    ...sharedColumns(join, left.entries, right.entries).map((name) => {
      const [one, other] = [left, right].map(({ entries }) => amongEntries(entries, name) ?? unknownOperand);
      return addLimit(reading, { kind: "compare", operator: "=", left: one!, right: other! }, targets);
    }),
  ];
  if (mayMissRight) level.missable.push({ sources: right.sources, limits });
  if (mayMissLeft) level.missable.push({ sources: left.sources, limits });
  return [...left.entries, ...right.entries];
}

function readSide(reading: Reading, node: SqlNode, level: Level, mayMiss: boolean) {
  const sources = new Set<number>();
  const entries = readFrom(reading, node, {
    ...level,
    within: [...level.within, sources],
    targets: mayMiss ? [sources] : level.targets,
  });
  return { sources, entries };
}

/** Names that USING or NATURAL makes equal. */
function sharedColumns(
  { usingClause, isNatural }: Extract<SqlNode, { JoinExpr: unknown }>["JoinExpr"],
  left: readonly Entry[],
  right: readonly Entry[],
): string[] {
  if (usingClause) return namesOf(usingClause);
  if (!isNatural) return [];
  const columns = (entries: readonly Entry[]) =>
    entries.flatMap((entry) =>
      entry.kind === "source" ? (entry.source.table?.columns.map(({ name }) => name) ?? []) : [],
    );
  const others = new Set(columns(right));
  return columns(left).filter((name) => others.has(name));
}

function named(level: Level, alias: string, entry: Entry): Entry {
  level.scope.entries.push({ alias, entry });
  return entry;
}

/** `AS v (a, b)`: its columns under other names. */
export function renamed(entry: Entry, columns: readonly SqlNode[] | undefined): Entry {
  if (!columns || entry.kind !== "query")
    return columns && entry.kind === "source" ? { kind: "opaque" } : entry;
  const names = namesOf(columns);
  const { outputs } = entry;
  const renamedOutputs: Outputs = {
    at: outputs.at,
    named: (name) => {
      const index = names.indexOf(name);
      return index >= 0 ? (outputs.at(index) ?? unknownOperand) : outputs.named(name);
    },
  };
  return { kind: "query", outputs: renamedOutputs };
}
