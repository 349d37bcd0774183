import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/findings/finding.js";
import { tenantctlJson } from "../support/cli.js";
import { createExampleDatabase, exampleFolder } from "../support/example.js";
import { project } from "../support/project.js";

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
  "drop table legacy_asset_imports",
  `alter table assets alter column "purchasePrice" type numeric(12, 2)`,
];

/** What a person writes into schema and registry, as the remedies say. */
const edits: readonly [file: string, from: RegExp, to: string][] = [
  ["src/config/tenant-model-registry.ts", /"supplyUsage"/, '"SupplyUsage"'],
  ["src/config/tenant-model-registry.ts", /(TENANT_SCOPED_MODELS = \[)/, '$1\n  "WebhookEvent",'],
];

test("every remedy of the example, one statement at a time, while the application writes", async () => {
  const folder = project({});
  for (const name of ["prisma", "src", "tenantctl.config.ts", "package.json"]) {
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
    for (const sql of mendRows) await client.query(sql);
    await client.query("set lock_timeout = '5s'");
    for (const finding of before.findings) await runSteps(finding);
  } finally {
    const { writes, errors } = await load.stop();
    expect(errors).toEqual([]);
    expect(writes).toBeGreaterThanOrEqual(8);
  }

  for (const [file, from, to] of edits) edit(join(folder, file), from, to);
  const schema = join(folder, "prisma/schema.prisma");
  mendModel(schema, "AuditLog", [
    [/tenantId( +)String\?/, "tenantId$1String"],
    [/Tenant\?/, "Tenant"],
  ]);
  mendModel(schema, "Client", [
    [/taxId( +)String(\??)( +)@unique/, "taxId$1String$2"],
    [/\n\}/, "\n  @@unique([tenantId, taxId])\n}"],
  ]);
  await client.query('drop index "clients_taxId_key"');
  await client.query(
    'create unique index concurrently "clients_tenantId_taxId_key" on clients ("tenantId", "taxId")',
  );

  const after = await audit();
  expect(after.findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  expect(after.code).toBe(0);
});

async function runSteps({ remedySteps = [], rule }: Finding): Promise<void> {
  for (const step of remedySteps) {
    await client.query(step).catch((error: Error) => {
      throw new Error(`${rule}: ${step}: ${error.message}`);
    });
  }
}

function edit(path: string, from: RegExp, to: string): void {
  const text = readFileSync(path, "utf8");
  expect(text).toMatch(from);
  writeFileSync(path, text.replace(from, to));
}

/** Replaces inside one model's block only. */
function mendModel(path: string, model: string, replacements: readonly [RegExp, string][]): void {
  const block = new RegExp(`^model ${model} \\{[\\s\\S]*?^\\}`, "m");
  const text = readFileSync(path, "utf8");
  const whole = block.exec(text)![0];
  let mended = whole;
  for (const [from, to] of replacements) {
    expect(mended).toMatch(from);
    mended = mended.replace(from, to);
  }
  writeFileSync(
    path,
    text.replace(whole, () => mended),
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
