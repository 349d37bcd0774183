import {
  type ColumnAt,
  type Condition,
  columnsOf,
  type Limit,
  type Operand,
  type Source,
} from "../statements/shape.js";
import type { Knowledge } from "./knowledge.js";

/**
 * How sure it is that only one tenant's rows, or those of some named ones, play a part: 2 is certain, 1 can't be
 * decided from the statement alone, 0 is not so.
 */
export type Level = 0 | 1 | 2;

/** What is known of each source, by its id. */
export interface Standing {
  readonly level: Level;
  /** What level 1 rests on. */
  readonly why: string;
}

const inExpression = "its tenant column stands in an expression";

/** An OR of more different arms is not followed. */
const mostArms = 32;

interface Known {
  readonly columns: Map<string, Level>;
  readonly sources: Standing[];
}

/**
 * Follows conditions from what is compared with values to the tenant columns: through columns that are equal,
 * through references from row to row, and, of an OR, as far as all its arms lead.
 */
export function solve(
  sources: readonly Source[],
  limits: readonly Limit[],
  knowledge: Knowledge,
): readonly Standing[] {
  const plain = limits.filter(({ condition }) => condition.kind !== "or");
  const known = settle(sources, plain, knowledge);
  for (const limit of limits) {
    if (limit.condition.kind !== "or") continue;
    const arms = distinctArms(limit.condition.arms);
    const targets = sources.filter((source) => isTarget(limit, source.id));
    if (arms.length > mostArms) {
      for (const { id } of targets) raise(known, id, 1, "an OR of many arms");
      continue;
    }
    const outcomes = arms.map((arm) =>
      solve(sources, [...plain, ...arm.map((condition) => ({ ...limit, condition }))], knowledge),
    );
    for (const { id } of targets) {
      const weakest = outcomes
        .map((outcome) => outcome[id]!)
        .sort((left, right) => left.level - right.level)[0]!;
      raise(known, id, weakest.level, weakest.why);
    }
  }
  // What an OR settled may settle more.
  return settle(sources, plain, knowledge, known).sources;
}

function distinctArms(arms: readonly (readonly Condition[])[]): (readonly Condition[])[] {
  return [...new Map(arms.map((arm) => [JSON.stringify(arm), arm])).values()];
}

function settle(
  sources: readonly Source[],
  limits: readonly Limit[],
  knowledge: Knowledge,
  from?: Known,
): Known {
  const known: Known = from ?? {
    columns: new Map(),
    sources: sources.map(() => ({ level: 0, why: "" })),
  };
  for (let before = ""; before !== stateOf(known); ) {
    before = stateOf(known);
    for (const limit of limits) apply(limit, known, sources, knowledge);
    for (const source of sources) conclude(source, known, knowledge);
  }
  return known;
}

function stateOf({ columns, sources }: Known): string {
  return `${[...columns.values()].join("")} ${sources.map(({ level }) => level).join("")}`;
}

function apply(limit: Limit, known: Known, sources: readonly Source[], knowledge: Knowledge): void {
  const { condition } = limit;
  const toColumns = (columns: readonly ColumnAt[], level: Level) => {
    for (const column of columns) if (isTarget(limit, column.source)) raiseColumn(known, column, level);
  };
  const doubt = (columns: readonly ColumnAt[], why: string) => {
    for (const { source, column } of columns) {
      if (knowledge.tenantColumn(sources[source]!) === column && isTarget(limit, source))
        raise(known, source, 1, why);
    }
  };
  switch (condition.kind) {
    case "value":
      for (const { id } of sources) if (isTarget(limit, id)) raise(known, id, 1, "a parameter alone decides");
      break;
    case "null":
      // Rows without a tenant are no other tenant's.
      if (condition.isNull && condition.operand.kind === "column")
        toColumns(tenantColumns(condition.operand.columns, sources, knowledge), 2);
      break;
    case "other":
      doubt(condition.columns, inExpression);
      break;
    case "compare": {
      const { operator, left, right } = condition;
      if (operator === "=" || operator === "in") {
        equate(limit, left, right, known, sources, knowledge);
        equate(limit, right, left, known, sources, knowledge);
        for (const operand of [left, right])
          if (operand.kind === "other") doubt(operand.columns, inExpression);
      } else if (operator !== "<>") {
        doubt([...columnsOf(left), ...columnsOf(right)], `its tenant column is compared by ${operator}`);
      }
    }
  }
}

/** What the other side tells of one side of an equation. */
function equate(
  limit: Limit,
  side: Operand,
  other: Operand,
  known: Known,
  sources: readonly Source[],
  knowledge: Knowledge,
): void {
  if (side.kind !== "column") return;
  for (const column of side.columns) {
    if (!isTarget(limit, column.source)) continue;
    if (other.kind === "value") raiseColumn(known, column, 2);
    else if (other.kind === "other") raiseColumn(known, column, 1);
    else {
      const levels = other.columns.map((each) => known.columns.get(keyOf(each)) ?? 0);
      raiseColumn(known, column, Math.min(...levels) as Level);
      follow(column, other.columns, known, sources, knowledge);
    }
  }
}

/** From row to row: by a declared reference the tenant is the same one; by other columns it may be. */
function follow(
  column: ColumnAt,
  others: readonly ColumnAt[],
  known: Known,
  sources: readonly Source[],
  knowledge: Knowledge,
): void {
  const source = sources[column.source]!;
  if (!knowledge.isOwned(source)) return;
  const steps = others.map((each) => {
    const from = sources[each.source]!;
    if (each.source === column.source || !knowledge.isOwned(from)) return { level: 0 as Level, why: "" };
    const standing = known.sources[each.source]!;
    const isReference = knowledge.isReference({ ...column, from: source }, { ...each, from });
    return isReference || standing.level === 0
      ? standing
      : { level: 1 as Level, why: `joined to ${from.name} by columns that no relation declares` };
  });
  const weakest = steps.sort((left, right) => left.level - right.level)[0]!;
  raise(known, column.source, weakest.level, weakest.why);
}

/** What its columns tell of a source. */
function conclude(source: Source, known: Known, knowledge: Knowledge): void {
  const levelOf = (column: string) => known.columns.get(keyOf({ source: source.id, column })) ?? 0;
  const weakest = (columns: readonly string[]) => Math.min(...columns.map(levelOf)) as Level;
  const tenant = knowledge.tenantColumn(source);
  if (tenant !== undefined) {
    raise(known, source.id, levelOf(tenant), "its tenant column is compared with what can't be followed");
  }
  const isNamed = knowledge.isTenants(source) && comparedColumns(source, known).length > 0;
  if (isNamed) raise(known, source.id, 1, "the tenant is known by a column that is not unique");
  if (knowledge.isOwned(source)) {
    for (const key of knowledge.keys(source)) {
      const level = weakest(key);
      if (level > 0) raise(known, source.id, knowledge.isTenants(source) ? level : 1, "reached by its key");
    }
    for (const { columns, table } of knowledge.parents(source)) {
      if (weakest(columns) > 0) raise(known, source.id, 1, `reached by its key of ${table}`);
    }
  }
  const { level } = known.sources[source.id]!;
  if (tenant !== undefined && level > 0) raiseColumn(known, { source: source.id, column: tenant }, level);
}

function comparedColumns({ table, id }: Source, { columns }: Known): string[] {
  const names = table?.columns.map(({ name }) => name) ?? [];
  return names.filter((column) => columns.has(keyOf({ source: id, column })));
}

function raiseColumn({ columns }: Known, column: ColumnAt, level: Level): void {
  const key = keyOf(column);
  if (level > (columns.get(key) ?? 0)) columns.set(key, level);
}

function raise({ sources }: Known, id: number, level: Level, why: string): void {
  if (level > sources[id]!.level) sources[id] = { level, why };
}

function tenantColumns(columns: readonly ColumnAt[], sources: readonly Source[], knowledge: Knowledge) {
  return columns.filter(({ source, column }) => knowledge.tenantColumn(sources[source]!) === column);
}

function isTarget({ targets }: Limit, source: number): boolean {
  return targets.some((set) => set.has(source));
}

function keyOf({ source, column }: ColumnAt): string {
  return `${source}.${column}`;
}
