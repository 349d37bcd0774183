import { type Operand, type Source, unknownOperand } from "./shape.js";

/** What a query gives to the one around it. */
export interface Outputs {
  named(name: string): Operand | undefined;
  /** From 0; undefined where `*` hides which it is. */
  at(index: number): Operand | undefined;
}

/** What an alias stands for. A function, VALUES or a query that changes rows is opaque. */
export type Entry =
  | { readonly kind: "source"; readonly source: Source }
  | { readonly kind: "query"; readonly outputs: Outputs }
  | { readonly kind: "opaque" };

/** A query under a name (WITH): read anew wherever it stands, as a part of the sets that are given. */
export type NamedQuery = (within: readonly Set<number>[]) => Entry;

/** Names that a query can use: its own, then those around it. */
export interface Scope {
  readonly entries: { readonly alias: string; readonly entry: Entry }[];
  readonly named: Map<string, NamedQuery>;
  readonly parent: Scope | undefined;
}

export function innerScope(parent: Scope | undefined): Scope {
  return { entries: [], named: new Map(), parent };
}

export function namedQuery(scope: Scope | undefined, name: string): NamedQuery | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.named.get(name);
    if (found) return found;
  }
  return undefined;
}

/** What `column`, `alias.column` or `schema.table.column` stands for. */
export function lookUp(scope: Scope, names: readonly string[]): Operand {
  const name = names.at(-1)!;
  if (names.length === 1) return byName(scope, name);
  const alias = names.at(-2)!;
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.entries.find((each) => each.alias === alias);
    if (found) return inEntry(found.entry, name) ?? unknownOperand;
  }
  return unknownOperand;
}

/** A name alone means the innermost query that has such a column. */
function byName(scope: Scope, name: string): Operand {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = amongEntries(
      at.entries.map(({ entry }) => entry),
      name,
    );
    if (found) return found;
    // It may be a column of what could not be looked into.
    if (at.entries.some(({ entry }) => !isKnown(entry))) return unknownOperand;
  }
  return unknownOperand;
}

/** The column of that name among several; of columns that USING made one, the first. */
export function amongEntries(entries: readonly Entry[], name: string): Operand | undefined {
  for (const entry of entries) {
    const found = inEntry(entry, name);
    if (found && (found.kind !== "other" || found.columns.length > 0)) return found;
  }
  return undefined;
}

function inEntry(entry: Entry, name: string): Operand | undefined {
  if (entry.kind === "opaque") return unknownOperand;
  if (entry.kind === "query") return entry.outputs.named(name);
  const { id, table } = entry.source;
  if (!table) return unknownOperand;
  const isColumn = table.columns.some((column) => column.name === name);
  return isColumn ? { kind: "column", columns: [{ source: id, column: name }] } : undefined;
}

function isKnown(entry: Entry): boolean {
  return entry.kind === "query" || (entry.kind === "source" && entry.source.table !== undefined);
}

/** The outputs of a UNION: each column is the first arm's by name, every arm's by place. */
export function unitedOutputs(left: Outputs, right: Outputs, namesOfLeft: readonly string[]): Outputs {
  const at = (index: number) => united(left.at(index), right.at(index));
  return {
    at,
    named: (name) => {
      const index = namesOfLeft.indexOf(name);
      return index >= 0 ? at(index) : united(left.named(name), right.named(name));
    },
  };
}

function united(left: Operand | undefined, right: Operand | undefined): Operand | undefined {
  if (!left || !right) return (left ?? right) ? unknownOperand : undefined;
  if (left.kind === "value" || right.kind === "value")
    return left.kind === right.kind ? left : unknownOperand;
  const columns = [...left.columns, ...right.columns];
  return { kind: left.kind === "column" && right.kind === "column" ? "column" : "other", columns };
}
