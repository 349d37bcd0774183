import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fillSql, quoteIdentifier, quoteLiteral, readSql } from "../../../src/adapters/sql-file.js";

test("identifiers are quoted, fragments stand as they are, values and casts are left", () => {
  const sql = '-- a comment\nselect :columns, $1::int from :"schema".:"table" where x = :match';
  expect(
    fillSql(sql, {
      identifiers: { schema: 's"x', table: "a:b" },
      fragments: { columns: "c::text", match: "y" },
    }),
  ).toBe('select c::text, $1::int from "s""x"."a:b" where x = y');
  expect(() => fillSql("select :nothing", {})).toThrow(/:nothing has no value/);
  expect([quoteIdentifier('a"b'), quoteLiteral("a'b")]).toEqual(['"a""b"', "'a''b'"]);
});

const folder = fileURLToPath(new URL("../../../sql/", import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".sql"),
);

test.each(files)("%s says what it returns, and something reads it", (name) => {
  const text = readFileSync(folder + name, "utf8");
  expect(text).toMatch(/^-- /);
  expect(text).toMatch(/^-- Returns /m);
  expect(readSql(name.replace(/\.sql$/, ""))).toBe(text);
  const id = name.replace(/\.sql$/, "").replaceAll("\\", "/");
  const sources = fileURLToPath(new URL("../../../src/", import.meta.url));
  const isRead = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .some((path) => {
      const code = readFileSync(sources + path, "utf8");
      return (
        code.includes(`"${id}"`) ||
        code.includes(`"${id.replace(/(index|scan)$/, "")}`) ||
        code.includes(`${id.replace(/(index|scan)$/, "")}$`)
      );
    });
  expect(isRead).toBe(true);
});
