import type { SqlNode } from "../../adapters/sql-parser.js";
import type { CatalogTable } from "../catalog/types.js";
import type { Outputs, Scope } from "./scope.js";
import type { Condition, Limit, Order, Source } from "./shape.js";

/** Finds a table by the name that a statement gives it; undefined where there is none, or several may be meant. */
export type FindTable = (schema: string | undefined, name: string) => CatalogTable | undefined;

/** Where a query stands in the statement. */
export interface Place {
  readonly scope: Scope | undefined;
  /** Sets that its sources belong to as well: those of the queries that read it in FROM. */
  readonly within: readonly Set<number>[];
  /** Sources outside that its conditions limit too: EXISTS leaves out rows of the query around it. */
  readonly targets: readonly Set<number>[];
}

/** A limit while the statement is read: a later condition may show that it limits more. */
export type OpenLimit = Limit & { targets: Set<number>[] };

/** What is collected while one statement is read. */
export interface Reading {
  readonly findTable: FindTable;
  readonly sources: Source[];
  readonly limits: OpenLimit[];
  readonly orders: Order[];
  readonly readQuery: (node: SqlNode, place: Place) => ReadQuery;
}

/** A query that was read. */
export interface ReadQuery {
  readonly outputs: Outputs;
  /** Names of its columns in order; empty where `*` hides them. */
  readonly names: readonly string[];
  /** Its sources. */
  readonly own: Set<number>;
}

/** A statement of more sources is not taken apart: queries under a name, used in each other, would double them. */
const mostSources = 400;

/** Thrown on a statement that is not worth, or not possible, to take apart. */
export class TooLarge extends Error {}

export function addSource(
  reading: Reading,
  source: Omit<Source, "id">,
  within: readonly Set<number>[],
): Source {
  const id = reading.sources.length;
  if (id >= mostSources) throw new TooLarge();
  const added = { ...source, id };
  reading.sources.push(added);
  for (const set of within) set.add(id);
  return added;
}

export function addLimit(reading: Reading, condition: Condition, targets: readonly Set<number>[]): OpenLimit {
  const limit = { condition, targets: [...targets] };
  reading.limits.push(limit);
  return limit;
}

/** Texts of a list of names: `schema.table.column`. */
export function namesOf(nodes: readonly SqlNode[] = []): string[] {
  return nodes.flatMap((node) => ("String" in node ? (node.String.sval ?? "") : []));
}
