import { beforeAll, expect, test } from "vitest";
import { loadSqlParser, type SqlParser } from "../../../../src/adapters/sql-parser.js";
import type { CatalogTable } from "../../../../src/database/catalog/types.js";
import { type FindTable, shapeOf, tableUses } from "../../../../src/database/statements/index.js";

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

const columns: Readonly<Record<string, readonly string[]>> = {
  assets: ["id", "tenantId", "clientId", "createdAt", "name"],
  clients: ["id", "tenantId", "code"],
  lines: ["id", "assetId", "note"],
};

const findTable: FindTable = (schema, name) => {
  const names = schema === undefined || schema === "public" ? columns[name] : undefined;
  return names && ({ name, columns: names.map((column) => ({ name: column })) } as unknown as CatalogTable);
};

function uses(text: string) {
  const shape = shapeOf(parser, text, findTable);
  return shape && tableUses(shape).map(({ source, ...use }) => ({ table: source.name, ...use }));
}

const nothing = { equal: [], joined: [], range: [], order: [], hasLimit: false };

test.each([
  [
    `select * from "public"."assets" where "public"."assets"."tenantId" = $1 order by "createdAt" desc limit $2`,
    [
      {
        ...nothing,
        ...{ table: "assets", equal: ["tenantId"], hasLimit: true },
        order: [{ column: "createdAt", isDescending: true }],
      },
    ],
  ],
  [
    `select a.id from assets a join clients c on c.id = a."clientId" where c.code in ($1 /*, ... */) and a."createdAt" >= $2`,
    [
      { ...nothing, table: "assets", joined: ["clientId"], range: ["createdAt"] },
      { ...nothing, table: "clients", equal: ["code"], joined: ["id"] },
    ],
  ],
  [
    `with recent as (select "clientId" as c from assets where "createdAt" between $1 and $2) select 1 from recent join clients on clients.id = recent.c`,
    [
      { ...nothing, table: "assets", joined: ["clientId"], range: ["createdAt"] },
      { ...nothing, table: "clients", joined: ["id"] },
    ],
  ],
  [`update assets set name = $1 where id = any($2::int[])`, [{ ...nothing, table: "assets", equal: ["id"] }]],
  [
    `delete from lines using assets where lines."assetId" = assets.id and (assets.id = $1 or note = $2)`,
    [
      { ...nothing, table: "lines", joined: ["assetId"] },
      { ...nothing, table: "assets", joined: ["id"] },
    ],
  ],
  [`insert into lines values ($1, $2)`, []],
  [`set application_name = 'x'`, undefined],
  [`select $1`, []],
  [`savepoint $1`, undefined],
  [`select from where`, undefined],
])("%s", (text, expected) => {
  expect(uses(text)).toEqual(expected);
});
