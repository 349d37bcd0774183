import { describe, expect, test } from "vitest";
import {
  createStatement,
  type IndexDefinition,
  parseIndexFile,
  usualIndexName,
  writeIndexFile,
} from "../../../src/indexes/index.js";

const plain: IndexDefinition = {
  schema: "public",
  table: "assets",
  name: "assets_tenantId_idx",
  columns: [{ column: "tenantId" }],
};

describe("the statement", () => {
  test("names everything with quotes, and its schema", () => {
    expect(createStatement(plain, { concurrently: true })).toBe(
      'CREATE INDEX CONCURRENTLY "assets_tenantId_idx" ON "public"."assets" ("tenantId")',
    );
  });

  test("keeps every part in the order of PostgreSQL's grammar", () => {
    const whole: IndexDefinition = {
      schema: "a b",
      table: 'c"d',
      name: "n",
      unique: true,
      method: "btree",
      columns: [
        { column: "x", collation: "de_DE.utf8", opclass: "text_pattern_ops", order: "desc", nulls: "last" },
        { expression: "lower(y)", collation: '"pg_catalog"."C"' },
      ],
      include: ["z"],
      nullsNotDistinct: true,
      storage: { fillfactor: 90, deduplicate_items: false, buffering: "it's" },
      tablespace: "fast",
      where: "x is not null",
    };
    expect(createStatement(whole, { concurrently: false, only: true })).toBe(
      'CREATE UNIQUE INDEX "n" ON ONLY "a b"."c""d" USING "btree" ("x" COLLATE "de_DE.utf8" "text_pattern_ops" DESC NULLS LAST, (lower(y)) COLLATE "pg_catalog"."C") INCLUDE ("z") NULLS NOT DISTINCT WITH ("fillfactor" = 90, "deduplicate_items" = false, "buffering" = \'it\'\'s\') TABLESPACE "fast" WHERE x is not null',
    );
  });
});

test("the usual name is Prisma's, of 63 bytes at most", () => {
  expect(usualIndexName(plain)).toBe("assets_tenantId_idx");
  expect(usualIndexName({ ...plain, unique: true })).toBe("assets_tenantId_key");
  const long = usualIndexName({ ...plain, table: "ü".repeat(40) });
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(63);
  expect(long).toMatch(/^ü+_idx$/);
});

describe("the file", () => {
  const file = (index: object) => JSON.stringify({ schemaVersion: 1, indexes: [index] });

  test("comes back as it was written, reasons too", () => {
    const wanted = [{ ...plain, reason: "the tenant filter" }];
    expect(parseIndexFile(writeIndexFile(wanted), "f.json").indexes).toEqual(wanted);
  });

  test("needs neither schema nor name", () => {
    const { indexes } = parseIndexFile(
      file({ table: "assets", columns: [{ column: "tenantId" }] }),
      "f.json",
    );
    expect(indexes).toEqual([plain]);
  });

  test.each([
    ["{", /f\.json is no JSON/],
    [JSON.stringify({ schemaVersion: 2, indexes: [plain] }), /schemaVersion/],
    [JSON.stringify({ schemaVersion: 1, indexes: [] }), /it names no index/],
    [file({ ...plain, colums: [] }), /indexes\.0\.colums: there is no such key/],
    [file({ ...plain, columns: [{}] }), /indexes\.0\.columns\.0: it needs a column or an expression/],
    [file({ ...plain, columns: [{ column: "a", expression: "b" }] }), /one of the two/],
    [file({ ...plain, name: "ü".repeat(32) }), /indexes\.0\.name: PostgreSQL keeps 63 bytes/],
    [file({ ...plain, columns: [{ column: "a", opclass: '"x" desc); drop' }] }), /write it as name/],
    [
      JSON.stringify({ schemaVersion: 1, indexes: [plain, plain] }),
      /names public\.assets_tenantId_idx twice/,
    ],
  ])("%s is refused", (content, expected) => {
    expect(() => parseIndexFile(content, "f.json")).toThrow(expected);
  });
});
