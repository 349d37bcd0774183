import { quoteIdentifier, readSql } from "../adapters/sql-file.js";
import { freeName } from "../database/index.js";
import { type IndexDefinition, usualIndexName } from "./definition.js";
import type { WorkSession } from "./session.js";
import { type Shape, shapeOf } from "./shape.js";

/** A table of a partitioned one, or that one itself. */
export interface Part {
  readonly id: string;
  readonly parentId: string | null;
  readonly depth: number;
  readonly schema: string;
  readonly name: string;
  readonly isPartitioned: boolean;
  readonly isForeign: boolean;
  /** -1 or 0 where it was never analysed. */
  readonly rows: number;
  readonly bytes: number;
}

/** An index of a part. */
export interface PartIndex {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly isValid: boolean;
  readonly shape: Shape;
  /** The index of the parent that it is attached to. */
  readonly attachedTo: string | null;
}

/** The tables of a partitioned one, itself first, parents before their parts. */
export async function readParts({ session }: WorkSession, rootId: string): Promise<Part[]> {
  const rows = await session.query<{
    id: string;
    parent_id: string | null;
    depth: number;
    schema: string;
    name: string;
    kind: string;
    rows: number;
    bytes: string;
  }>(readSql("indexes/partitions"), [rootId]);
  return rows.map(({ id, parent_id, depth, schema, name, kind, rows: count, bytes }) => ({
    ...{ id, parentId: parent_id, depth, schema, name, rows: count, bytes: Number(bytes) },
    isPartitioned: kind === "p",
    isForeign: kind === "f",
  }));
}

/** The indexes of one table. */
export async function readIndexesOf({ session }: WorkSession, tableId: string): Promise<PartIndex[]> {
  const rows = await session.query<{
    id: string;
    schema: string;
    name: string;
    is_valid: boolean;
    definition: string;
    attached_to: string | null;
  }>(readSql("indexes/of-table"), [tableId]);
  return rows.map(({ id, schema, name, is_valid, definition, attached_to }) => ({
    ...{ id, schema, name, isValid: is_valid, shape: shapeOf(definition), attachedTo: attached_to },
  }));
}

/**
 * The index of a part that does its share: the attached one, else a valid one of the same shape that belongs to
 * no other parent.
 */
export function shareOf(
  indexes: readonly PartIndex[],
  parentIndexId: string,
  shape: Shape,
): PartIndex | undefined {
  return (
    indexes.find(({ attachedTo }) => attachedTo === parentIndexId) ??
    indexes.find((index) => index.isValid && index.attachedTo === null && index.shape === shape)
  );
}

/** The definition of a part's share: the root's, on the part, under the usual name or a free one like it. */
export function partDefinition(
  root: IndexDefinition,
  part: Part,
  isTaken: (name: string) => boolean,
): IndexDefinition {
  const usual = usualIndexName({ ...root, table: part.name });
  return { ...root, schema: part.schema, table: part.name, name: freeName(usual, isTaken) };
}

/** The statement that makes an index of a part a part of its parent's. */
export function attachStatement(
  parent: { readonly schema: string; readonly name: string },
  child: { readonly schema: string; readonly name: string },
): string {
  const named = ({ schema, name }: { schema: string; name: string }) =>
    `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  return `ALTER INDEX ${named(parent)} ATTACH PARTITION ${named(child)}`;
}
