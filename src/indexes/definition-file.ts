import * as v from "valibot";
import { UsageError } from "../findings/errors.js";
import { type IndexDefinition, isWholeName, usualIndexName } from "./definition.js";

const text = v.pipe(v.string(), v.minLength(1, "it is empty"));
const name = v.pipe(
  text,
  v.check(isWholeName, "PostgreSQL keeps 63 bytes of a name and would cut this one: give a shorter one"),
);
/** One name, or a quoted one with its quoted schema. */
const qualified = v.pipe(
  text,
  v.regex(/^([^"].*|"([^"]|"")+"(\."([^"]|"")+")?)$/s, 'write it as name, or as "schema"."name"'),
);

const column = v.pipe(
  v.strictObject({
    column: v.optional(name),
    expression: v.optional(text),
    order: v.optional(v.picklist(["asc", "desc"])),
    nulls: v.optional(v.picklist(["first", "last"])),
    opclass: v.optional(qualified),
    collation: v.optional(qualified),
  }),
  v.check(
    (key) => (key.column === undefined) !== (key.expression === undefined),
    "it needs a column or an expression, one of the two",
  ),
);

const definition = v.strictObject({
  schema: v.optional(name, "public"),
  table: name,
  name: v.optional(name),
  columns: v.pipe(v.array(column), v.minLength(1, "it names no column")),
  unique: v.optional(v.boolean()),
  method: v.optional(name),
  where: v.optional(text),
  include: v.optional(v.array(name)),
  nullsNotDistinct: v.optional(v.boolean()),
  storage: v.optional(v.record(text, v.union([v.string(), v.number(), v.boolean()]))),
  tablespace: v.optional(name),
  /** Why it is wanted, for people. */
  reason: v.optional(v.string()),
});

/** What `index plan --to` writes and `index create FILE` takes. */
export const indexFileSchema = v.strictObject({
  schemaVersion: v.literal(1),
  indexes: v.pipe(v.array(definition), v.minLength(1, "it names no index")),
});

/** A definition with the reason that somebody wrote beside it. */
export interface WantedIndex extends IndexDefinition {
  readonly reason?: string | undefined;
}

export interface IndexFile {
  readonly schemaVersion: 1;
  readonly indexes: readonly WantedIndex[];
}

/**
 * Reads the text of a file of definitions. A missing name becomes Prisma's usual one.
 *
 * @param file its name, for errors
 * @throws UsageError where it is no such file, or one name stands for two indexes.
 */
export function parseIndexFile(content: string, file: string): IndexFile {
  const hint = `it looks like {"schemaVersion": 1, "indexes": [{"schema": "public", "table": "assets", "columns": [{"column": "tenantId"}]}]}; tenantctl index plan --to FILE writes one`;
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${(error as Error).message}`, hint);
  }
  const result = v.safeParse(indexFileSchema, data);
  if (!result.success) {
    const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the file"}: ${said(issue)}`);
    throw new UsageError(`${file}: ${problems.join("; ")}`, hint);
  }
  const indexes = result.output.indexes.map((each) => ({ ...each, name: each.name ?? usualIndexName(each) }));
  requireDistinct(indexes, file);
  return { schemaVersion: 1, indexes };
}

/** The text of a file of definitions. */
export function writeIndexFile(indexes: readonly WantedIndex[]): string {
  return `${JSON.stringify({ schemaVersion: 1, indexes } satisfies IndexFile, null, 2)}\n`;
}

/**
 * An index's name is one of its schema's, whatever its table.
 *
 * @throws UsageError where two have the same.
 */
export function requireDistinct(indexes: readonly IndexDefinition[], file: string): void {
  const seen = new Set<string>();
  for (const { schema, name: own } of indexes) {
    const key = JSON.stringify([schema, own]);
    if (seen.has(key))
      throw new UsageError(`${file} names ${schema}.${own} twice`, "give one of them another name");
    seen.add(key);
  }
}

function said(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never") return "there is no such key";
  return issue.message;
}
