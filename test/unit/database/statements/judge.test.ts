import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser, type SqlParser } from "../../../../src/adapters/sql-parser.js";
import type { AuditedTable } from "../../../../src/database/audited-table.js";
import type { CatalogTable } from "../../../../src/database/catalog/types.js";
import { judgeShape } from "../../../../src/database/slow-queries/judge.js";
import type { Knowledge } from "../../../../src/database/slow-queries/knowledge.js";
import { type FindTable, shapeOf } from "../../../../src/database/statements/index.js";

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

interface Table {
  readonly columns: string;
  readonly tenant?: string;
  readonly owned?: true;
  readonly keys?: string;
  /** `column table` */
  readonly parents?: readonly string[];
  readonly view?: true;
}

/** Tenants, their assets, clients, users and rentals; lines belong to an asset; countries to nobody. */
const tables: Readonly<Record<string, Table>> = {
  tenants: { columns: "id slug plan", tenant: "id", owned: true, keys: "id slug" },
  assets: {
    columns: "id tenantId clientId countryId parentId name createdAt isActive tags",
    ...{ tenant: "tenantId", owned: true, keys: "id" },
    parents: ["clientId clients", "tenantId tenants", "parentId assets"],
  },
  clients: {
    columns: "id tenantId code countryId",
    ...{ tenant: "tenantId", owned: true, keys: "id tenantId+code" },
    parents: ["tenantId tenants"],
  },
  rentals: {
    columns: "id tenantId assetId clientId days",
    ...{ tenant: "tenantId", owned: true, keys: "id" },
    parents: ["assetId assets", "clientId clients", "tenantId tenants"],
  },
  members: {
    columns: "userId tenantId role",
    ...{ tenant: "tenantId", owned: true, keys: "userId+tenantId" },
    parents: ["tenantId tenants"],
  },
  lines: { columns: "id assetId note", owned: true, keys: "id", parents: ["assetId assets"] },
  countries: { columns: "id name", keys: "id" },
  active_assets: { columns: "id tenantId name", tenant: "tenantId", owned: true, view: true },
};

const audited = new Map(
  Object.entries(tables).map(([name, { columns, tenant, view }], index) => {
    const table = {
      ...{ id: String(index), schema: "public", name, kind: view ? "view" : "table" },
      columns: columns.split(" ").map((column) => ({ name: column })),
    } as unknown as CatalogTable;
    const isTenant = name === "tenants";
    const tenantColumn = tenant && !isTenant ? { name: tenant } : undefined;
    return [
      name,
      { table, isTenant, tenantColumn, isScoped: tenantColumn !== undefined && !view } as AuditedTable,
    ];
  }),
);

const findTable: FindTable = (schema, name) =>
  schema === undefined || schema === "public" ? audited.get(name)?.table : undefined;

const parentsOf = (name: string | undefined) =>
  (tables[name ?? ""]?.parents ?? []).map((text) => {
    const [column, table] = text.split(" ");
    return { columns: [column!], table: table! };
  });

const knowledge: Knowledge = {
  isOwned: ({ table }) => tables[table?.name ?? ""]?.owned === true,
  isTenants: ({ table }) => table?.name === "tenants",
  tenantColumn: ({ table }) => tables[table?.name ?? ""]?.tenant,
  keys: ({ table }) => (tables[table?.name ?? ""]?.keys?.split(" ") ?? []).map((key) => key.split("+")),
  parents: ({ table }) => parentsOf(table?.name).filter((parent) => tables[parent.table]?.owned),
  isReference: (left, right) => {
    const leads = (from: typeof left, to: typeof left) =>
      to.column === "id" &&
      parentsOf(from.from.table?.name).some(
        ({ columns, table }) => columns[0] === from.column && table === to.from.table?.name,
      );
    return leads(left, right) || leads(right, left);
  },
  auditedTable: ({ table }) => audited.get(table?.name ?? ""),
};

/** `assets tenant, rentals without` */
function judged(text: string): string | undefined {
  const shape = shapeOf(parser, text, findTable);
  return (
    shape &&
    judgeShape(shape, knowledge)
      .map(({ table, standing }) => `${table.table.name} ${standing}`)
      .sort()
      .join(", ")
  );
}

describe("without the tenant", () => {
  test.each([
    [`select * from assets`, "assets without"],
    [`select count(*) from "public"."assets" where $1=$2`, "assets without"],
    [`select * from assets order by "createdAt" desc limit $1`, "assets without"],
    [`select * from assets as a where a.name = $1`, "assets without"],
    [`select * from assets where "isActive"`, "assets without"],
    [`select * from assets where "countryId" = $1`, "assets without"],
    [`select * from assets where "tenantId" is not null`, "assets without"],
    [`select * from assets where "tenantId" <> $1`, "assets without"],
    [`select * from assets where "tenantId" = "tenantId"`, "assets without"],
    [`select * from assets where "tenantId" = $1 or name = $2`, "assets without"],
    [`select * from assets where ("tenantId" = $1 and name = $2) or "isActive"`, "assets without"],
    [
      `select * from assets a left join clients c on c.id = a."clientId" and a."tenantId" = $1`,
      "assets without, clients without",
    ],
    [
      `select * from assets a left join clients c on c.id = a."clientId" and c."tenantId" = $1`,
      "assets without, clients tenant",
    ],
    [`select * from assets a full join clients c on a."tenantId" = $1`, "assets without, clients without"],
    [`select * from assets a, clients c where a."tenantId" = $1`, "assets tenant, clients without"],
    [
      `select * from assets a join countries k on k.id = a."countryId" join clients c on c."countryId" = k.id where c."tenantId" = $1`,
      "assets without, clients tenant",
    ],
    [`select "tenantId" from assets group by "tenantId"`, "assets without"],
    [`select * from (select id, name from assets limit $1) as s where s.name = $2`, "assets without"],
    [`with a as (select * from assets) select * from a`, "assets without"],
    [
      `select (select count(*) from rentals) from assets where "tenantId" = $1`,
      "assets tenant, rentals without",
    ],
    [`select * from assets where "tenantId" = $1 union all select * from assets`, "assets without"],
    [
      `select * from assets where "tenantId" = $1 and not exists (select 1 from rentals where days > $2)`,
      "assets tenant, rentals without",
    ],
    [`update assets set name = $1`, "assets without"],
    [`update assets set "tenantId" = $1 where name = $2`, "assets without"],
    [`delete from rentals where days > $1`, "rentals without"],
    [
      `with gone as (delete from rentals where days > $1 returning *) select * from gone where "tenantId" = $2`,
      "rentals without",
    ],
    [`insert into lines select $1, id, name from assets`, "assets without"],
    [`select "Assets".id from assets as "Assets" where "Assets".name ilike $1`, "assets without"],
    [`select * from assets where id > $1`, "assets without"],
    [`select * from assets where "clientId" is null`, "assets without"],
  ])("%s", (text, expected) => expect(judged(text)).toBe(expected));
});

describe("with the tenant", () => {
  test.each([
    [`select * from assets where "tenantId" = $1`, "assets tenant"],
    [
      `select * from "public"."assets" where ("public"."assets"."tenantId" = $1 and $2=$3) offset $4`,
      "assets tenant",
    ],
    [`select * from assets a where $1 = a."tenantId"`, "assets tenant"],
    [`select * from assets where "tenantId" = $1::uuid and (name = $2 or name = $3)`, "assets tenant"],
    [`select * from assets where "tenantId" in ($1, $2)`, "assets tenant"],
    [`select * from assets where "tenantId" in ($1 /*, ... */)`, "assets tenant"],
    [`select * from assets where "tenantId" = any($1)`, "assets tenant"],
    [`select * from assets where "tenantId" = any(array[$1, $2])`, "assets tenant"],
    [`select * from assets where "tenantId" is not distinct from $1`, "assets tenant"],
    [`select * from assets where "tenantId" = current_setting($1, $2)::uuid`, "assets tenant"],
    [`select * from assets where "tenantId" = (select current_setting($1)::uuid)`, "assets tenant"],
    [`select * from assets where ("tenantId", id) = ($1, $2)`, "assets tenant"],
    [`select * from assets where ("tenantId", id) in (($1, $2), ($3, $4))`, "assets tenant"],
    [`select * from assets where "tenantId" = $1 or "tenantId" = $2`, "assets tenant"],
    [`select * from assets where "tenantId" = $1 or "tenantId" is null`, "assets tenant"],
    [
      `select * from assets where ("tenantId" = $1 and id = $2) or ("tenantId" = $3 and id = $4)`,
      "assets tenant",
    ],
    [
      `select * from assets a join clients c on a."tenantId" = c."tenantId" where c."tenantId" = $1`,
      "assets tenant, clients tenant",
    ],
    [
      `select * from assets a join clients c on a."tenantId" = c."tenantId" and c."tenantId" = $1`,
      "assets tenant, clients tenant",
    ],
    [
      `select * from assets a join clients c using ("tenantId") where "tenantId" = $1`,
      "assets tenant, clients tenant",
    ],
    [
      `select * from assets a left join clients c on c.id = a."clientId" where a."tenantId" = $1`,
      "assets tenant, clients tenant",
    ],
    [
      `select * from assets a left join clients c on c.id = a."clientId" where c."tenantId" = $1`,
      "assets tenant, clients tenant",
    ],
    [
      `select * from clients c right join assets a on c.id = a."clientId" where a."tenantId" = $1`,
      "assets tenant, clients tenant",
    ],
    [`select * from assets a join tenants t on t.id = a."tenantId" where t.slug = $1`, "assets tenant"],
    [
      `select * from lines l join assets a on a.id = l."assetId" join rentals r on r."assetId" = a.id where r."tenantId" = $1`,
      "assets tenant, rentals tenant",
    ],
    [
      `select * from rentals r join lines l on l."assetId" = r."assetId" where r."tenantId" = $1`,
      "rentals tenant",
    ],
    [`with a as (select * from assets) select * from a where a."tenantId" = $1`, "assets tenant"],
    [`with a (x, t) as (select id, "tenantId" from assets) select * from a where t = $1`, "assets tenant"],
    [
      `with mine as (select id from assets where "tenantId" = $1) select * from rentals r join mine on mine.id = r."assetId"`,
      "assets tenant, rentals tenant",
    ],
    [`select * from (select * from assets) s where s."tenantId" = $1`, "assets tenant"],
    [
      `select * from (select "tenantId" from assets union all select "tenantId" from clients) s where s."tenantId" = $1`,
      "assets tenant, clients tenant",
    ],
    [
      `select * from assets where "tenantId" = $1 and id in (select "assetId" from rentals where days > $2)`,
      "assets tenant, rentals tenant",
    ],
    [
      `select * from assets a where exists (select 1 from rentals r where r."assetId" = a.id and r."tenantId" = $1)`,
      "assets tenant, rentals tenant",
    ],
    [
      `select * from assets a where a."tenantId" = $1 and not exists (select 1 from rentals r where r."assetId" = a.id)`,
      "assets tenant, rentals tenant",
    ],
    [
      `select a.*, (select count(*) from rentals r where r."assetId" = a.id) from assets a where a."tenantId" = $1`,
      "assets tenant, rentals tenant",
    ],
    // Prisma's count of a relation.
    [
      `select a.id, coalesce(g.n, $1) from assets a left join (select r."assetId", count(*) as n from rentals r where $2=$3 group by r."assetId") as g on a.id = g."assetId" where a."tenantId" = $4`,
      "assets tenant, rentals tenant",
    ],
    [
      `select * from assets a left join lateral (select * from rentals r where r."assetId" = a.id limit $1) x on true where a."tenantId" = $2`,
      "assets tenant, rentals tenant",
    ],
    [
      `select * from assets a cross join lateral (select code from clients c where c.id = a."clientId" and c."tenantId" = $1) x`,
      "assets tenant, clients tenant",
    ],
    [`update assets set name = $1 where "tenantId" = $2`, "assets tenant"],
    [
      `update assets a set name = c.code from clients c where c.id = a."clientId" and c."tenantId" = $1`,
      "assets tenant, clients tenant",
    ],
    [
      `delete from rentals using assets where assets.id = rentals."assetId" and assets."tenantId" = $1`,
      "assets tenant, rentals tenant",
    ],
    [`delete from rentals where "tenantId" = $1 returning *`, "rentals tenant"],
    [
      `insert into rentals select id, $1, id, "clientId", $2 from assets where "tenantId" = $3`,
      "assets tenant",
    ],
    [
      `select 1 from only "public"."assets" x where "tenantId" operator(pg_catalog.=) $1 for key share of x`,
      "assets tenant",
    ],
    [`update assets set "tenantId" = $1 where "tenantId" is null`, "assets tenant"],
    [
      `merge into assets a using clients c on a."clientId" = c.id and c."tenantId" = $1 when matched then update set name = c.code`,
      "assets tenant, clients tenant",
    ],
    [`select * from active_assets where "tenantId" = $1`, "active_assets tenant"],
  ])("%s", (text, expected) => expect(judged(text)).toBe(expected));
});

describe("not to be decided from the statement", () => {
  test.each([
    [`select * from assets where id = $1`, "assets unknown"],
    [`select * from assets where id in ($1, $2)`, "assets unknown"],
    [`update assets set name = $1 where id = $2`, "assets unknown"],
    [`delete from assets where id = any($1)`, "assets unknown"],
    [`select * from rentals where "assetId" in ($1, $2)`, "rentals unknown"],
    [`select * from assets where ($1 is null or "tenantId" = $2)`, "assets unknown"],
    [`select * from assets where coalesce("tenantId", $1) = $2`, "assets unknown"],
    [`select * from assets where "tenantId"::text like $1`, "assets unknown"],
    [`select * from assets where not ("tenantId" <> $1)`, "assets unknown"],
    [`select * from assets where "tenantId" > $1 order by "tenantId" limit $2`, "assets unknown"],
    [
      `select * from assets a join members m on m."tenantId" = a."tenantId" where m."userId" = $1 and m."tenantId" = mine()`,
      "assets tenant, members tenant",
    ],
    [`select * from assets where "tenantId" in (select mine($1))`, "assets tenant"],
    [`select * from assets where "tenantId" in (select t from mine($1) as t)`, "assets unknown"],
    [`select * from assets a join unnest($1::int[]) as v (id) on v.id = a.id`, "assets unknown"],
    [`select * from assets a join (values ($1, $2)) as v (id, t) on v.t = a."tenantId"`, "assets unknown"],
    [`select * from assets a join tenants t on t.id = a."tenantId" where t.plan = $1`, "assets unknown"],
    [
      `select * from assets a join clients c on c.code = a.name where c."tenantId" = $1`,
      "assets unknown, clients tenant",
    ],
    [
      `with recursive tree as (select id from assets where id = $1 union all select a.id from assets a join tree on a."parentId" = tree.id) select * from tree`,
      "assets unknown",
    ],
    [`select * from active_assets`, "active_assets unknown"],
    [`select * from assets where "tenantId" = other_column`, "assets unknown"],
    [
      `with gone as (delete from rentals where "tenantId" = $1 returning *) select * from assets join gone on gone."assetId" = assets.id`,
      "assets unknown, rentals tenant",
    ],
  ])("%s", (text, expected) => expect(judged(text)).toBe(expected));
});

describe("not of any tenant's table", () => {
  test.each([
    [`select $1`, ""],
    [`select * from countries`, ""],
    [`select * from tenants`, ""],
    [`select * from lines`, ""],
    [`select * from pg_catalog.pg_class`, ""],
    [`select * from audit.assets`, ""],
    [
      `insert into assets ("tenantId", name) values ($1, $2) on conflict (id) do update set name = excluded.name returning *`,
      "",
    ],
    [`insert into assets values ($1)`, ""],
    [`with assets as (select $1 as id) select * from assets`, ""],
    [`begin`, undefined],
    [`set app.current_tenant_id = $1`, undefined],
    [`copy assets to stdout`, undefined],
    [`truncate assets`, undefined],
    [`create index concurrently on assets ("tenantId")`, undefined],
    [`explain select * from assets`, undefined],
    [`select * from assets where`, undefined],
    [`select 1; select 2`, undefined],
  ])("%s", (text, expected) => expect(judged(text)).toBe(expected));
});

test("an OR of very many arms, alike or different, is answered at once", () => {
  const arm = (index: number) => `("tenantId" = $${index} and id = $${index + 1})`;
  const alike = Array.from({ length: 2000 }, (_, index) => arm(index + 1)).join(" or ");
  const different = Array.from({ length: 200 }, (_, index) => `name ~ $${index} or lower(name) = '${index}'`);
  const start = performance.now();
  expect(judged(`select * from assets where ${alike}`)).toBe("assets tenant");
  expect(judged(`select * from assets where ${different.join(" or ")}`)).toMatch(
    /^assets (without|unknown)$/,
  );
  expect(performance.now() - start).toBeLessThan(3000);
});

test("queries used in each other beyond measure are not taken apart", () => {
  const doubled = Array.from(
    { length: 20 },
    (_, index) => `q${index + 1} as (select * from q${index} a, q${index} b)`,
  );
  expect(
    judged(`with q0 as (select * from assets), ${doubled.join(", ")} select * from q20`),
  ).toBeUndefined();
  const deep = `${"(".repeat(3000)}$1${")".repeat(3000)}`;
  expect(() => judged(`select * from assets where name = ${deep}`)).not.toThrow();
});
