import { isOpen, type Recorded } from "./journal.js";
import type { Shape } from "./shape.js";
import type { Standing } from "./standing.js";

/** What is to be done for an index, given what stands under its name. */
export type Decision =
  | { readonly act: "build" }
  /** It is there, valid, and holds what is wanted. */
  | { readonly act: "nothing" }
  /** Somebody builds it right now: wait, and look again. */
  | { readonly act: "follow"; readonly pid: number }
  /** What an attempt of ours left: drop it, then build. */
  | { readonly act: "clean" }
  /** An invalid index that nothing proves to be ours. */
  | { readonly act: "leave"; readonly isWanted: boolean }
  /** The name stands for something else. */
  | { readonly act: "conflict"; readonly with: string };

export interface WantedShape {
  readonly schema: string;
  readonly name: string;
  readonly tableId: string;
  readonly shape: Shape;
}

/**
 * Compares what is wanted with what stands under its name: the table, the definition, the state. `IF NOT
 * EXISTS` compares the name alone, and passes over an invalid index, other columns, and another table.
 */
export function decide(
  wanted: WantedShape,
  standing: Standing | undefined,
  records: readonly Recorded[],
): Decision {
  if (!standing) return { act: "build" };
  if (standing.tableId === null) return { act: "conflict", with: `${kindOf(standing.kind)} of that name` };
  if (standing.tableId !== wanted.tableId)
    return { act: "conflict", with: `an index on ${standing.tableSchema}.${standing.table}` };
  if (standing.builtBy !== null) return { act: "follow", pid: standing.builtBy };
  if (!standing.isValid && isOurs(wanted, standing, records)) return { act: "clean" };
  const isWanted = standing.shape === wanted.shape;
  if (!standing.isValid) return { act: "leave", isWanted };
  return isWanted ? { act: "nothing" } : { act: "conflict", with: `another index: ${standing.shape}` };
}

/**
 * Whether an invalid index is what an attempt of ours left: a journal has begun to build just this name, table
 * and definition, and has not come to an end with it. The id of the index decides where it was written down.
 */
export function isOurs(
  { schema, name }: Pick<WantedShape, "schema" | "name">,
  standing: Standing,
  records: readonly Recorded[],
): boolean {
  return records.some(
    (record) =>
      record.schema === schema &&
      record.name === name &&
      (record.state === "building" || record.state === "left") &&
      isOpen(record) &&
      record.tableId === standing.tableId &&
      record.shape === standing.shape &&
      (record.indexId === undefined || record.indexId === standing.id),
  );
}

function kindOf(relationKind: string): string {
  const kinds: Readonly<Record<string, string>> = {
    r: "a table",
    p: "a table",
    v: "a view",
    m: "a materialized view",
    S: "a sequence",
    f: "a foreign table",
    c: "a type",
  };
  return kinds[relationKind] ?? "a relation";
}
