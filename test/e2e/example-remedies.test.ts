import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/findings/finding.js";
import { tenantctlJson } from "../support/cli.js";
import { createDatabase } from "../support/database.js";
import { createExampleDatabase, exampleFolder } from "../support/example.js";
import { project } from "../support/project.js";
import { nextMigration } from "../support/schema-engine.js";

let example: Awaited<ReturnType<typeof createExampleDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  example = await createExampleDatabase();
  client = new pg.Client(example.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await example.drop();
});

/** What no statement can decide: whose row it is, and which one of the duplicates is right. */
const mendRows = [
  `delete from "_AssetToTag" as t using assets as a, tags as g where a.id = t."A" and g.id = t."B" and a."tenantId" <> g."tenantId"`,
  `update rentals as r set "clientId" = (select c.id from clients as c where c."tenantId" = r."tenantId" order by c.id limit 1)
   from clients as x where x.id = r."clientId" and x."tenantId" <> r."tenantId"`,
  `delete from supply_usages as u where not exists (select from tenants as t where t.id = u."tenantId")`,
  `delete from audit_logs where "tenantId" is null`,
  "drop table if exists legacy_asset_imports",
];
/** Nor this: which side of a difference is right. */
const mendShape = [
  `alter table assets alter column "purchasePrice" type numeric(12, 2)`,
  'drop index "clients_taxId_key"',
  'create unique index "clients_tenantId_taxId_key" on clients ("tenantId", "taxId")',
];

/** What a person writes into registry and schema, as the remedies' words say. */
const registryEdits: readonly [from: RegExp, to: string][] = [
  [/"supplyUsage"/, '"SupplyUsage"'],
  [/(TENANT_SCOPED_MODELS = \[)/, '$1\n  "WebhookEvent",'],
];
const schemaEdits: Readonly<Record<string, readonly [from: RegExp, to: string][]>> = {
  AuditLog: [
    [/tenantId( +)String\?/, "tenantId$1String"],
    [/Tenant\?/, "Tenant"],
  ],
  Client: [
    [/taxId( +)String(\??)( +)@unique/, "taxId$1String$2"],
    [/\n\}/, "\n  @@unique([tenantId, taxId])\n}"],
  ],
};

test("every remedy of the example, one statement at a time, while the application writes", async () => {
  const folder = project({});
  for (const name of ["prisma", "src", "tenantctl.config.ts", "tenantctl.smoke.ts", "package.json"]) {
    cpSync(join(exampleFolder, name), join(folder, name), { recursive: true });
  }
  const audit = async () => {
    const { report, code } = await tenantctlJson(["audit", "--fail-on", "warning"], {
      cwd: folder,
      env: { DATABASE_URL: example.url },
    });
    return { findings: report.checks.flatMap((check) => check.findings), code };
  };
  const before = await audit();
  expect(before.findings).toHaveLength(14);

  const load = startWriting(example.url);
  try {
    for (const sql of [...mendRows, ...mendShape]) await client.query(sql);
    await client.query("set lock_timeout = '5s'");
    for (const finding of before.findings) await runSteps(finding);
  } finally {
    const { writes, errors } = await load.stop();
    expect(errors).toEqual([]);
    expect(writes).toBeGreaterThanOrEqual(8);
  }

  edit(join(folder, "src/config/tenant-model-registry.ts"), registryEdits);
  const schema = join(folder, "prisma/schema.prisma");
  for (const [model, edits] of Object.entries(schemaEdits)) mendModel(schema, model, edits);
  const prisma = before.findings.flatMap(({ remedyPrisma }) => remedyPrisma ?? []);
  for (const { model, add = [] } of prisma.flatMap((each) => each.schema)) {
    mendModel(schema, model, [[/\n\}/, () => `\n${add.map((line) => `  ${line}\n`).join("")}}`]]);
  }
  const changed = prisma.flatMap((each) =>
    each.schema.flatMap(({ model, change }) => (change ? [model] : [])),
  );
  expect(changed).toEqual(["AuditLog"]);

  const after = await audit();
  expect(after.findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  expect(after.code).toBe(0);
  const text = readFileSync(schema, "utf8");
  expect(await nextMigration(example.url, text)).toBe("");

  const fresh = await createDatabase();
  try {
    for (const sql of migrationsOf(join(folder, "prisma"))) await fresh.query(sql);
    expect(await nextMigration(fresh.url, text)).toContain('CREATE INDEX "payments_tenantId_idx"');
    for (const sql of [...mendShape, ...prisma.flatMap(({ migration }) => migration)]) await fresh.query(sql);
    expect(await nextMigration(fresh.url, text)).toBe("");
    // Where they had run already, by whatever way, they do no harm.
    for (const sql of prisma.flatMap(({ migration }) => migration)) await fresh.query(sql);
    expect(await nextMigration(fresh.url, text)).toBe("");
  } finally {
    await fresh.drop();
  }
});

function migrationsOf(folder: string): string[] {
  return readdirSync(join(folder, "migrations"), { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => readFileSync(join(folder, "migrations", name, "migration.sql"), "utf8"));
}

async function runSteps({ remedySteps = [], rule }: Finding): Promise<void> {
  for (const step of remedySteps) {
    await client.query(step).catch((error: Error) => {
      throw new Error(`${rule}: ${step}: ${error.message}`);
    });
  }
}

type Edit = readonly [from: RegExp, to: string | (() => string)];

function edit(path: string, edits: readonly Edit[]): void {
  writeFileSync(path, edited(readFileSync(path, "utf8"), edits));
}

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((result, [from, to]) => {
    expect(result).toMatch(from);
    return typeof to === "string" ? result.replace(from, to) : result.replace(from, to);
  }, text);
}

/** Replaces inside one model's block only. */
function mendModel(path: string, model: string, edits: readonly Edit[]): void {
  const block = new RegExp(`^model ${model} \\{[\\s\\S]*?^\\}`, "m");
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace(block, (whole) => edited(whole, edits)),
  );
}

/** Writes into the tables that the remedies change, over and over, on a connection of its own. */
function startWriting(url: string) {
  const errors: string[] = [];
  let writes = 0;
  let isOver = false;
  const done = (async () => {
    const writer = new pg.Client(url);
    await writer.connect();
    const statements = [
      `update payments set "tenantId" = "tenantId" where id in (select id from payments limit 5)`,
      `update supply_usages set quantity = quantity where id in (select id from supply_usages limit 5)`,
      `update quotations set "tenantId" = "tenantId" where id in (select id from quotations limit 5)`,
      `update audit_logs set action = action where id in (select id from audit_logs where "tenantId" is not null limit 5)`,
    ];
    while (!isOver) {
      for (const sql of statements) {
        await writer.query(sql).then(
          () => (writes += 1),
          (error: Error) => errors.push(error.message),
        );
      }
      await new Promise((wait) => setTimeout(wait, 5));
    }
    await writer.end();
  })();
  return {
    stop: async () => {
      isOver = true;
      await done;
      return { writes, errors };
    },
  };
}
