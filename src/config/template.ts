import type { Found, Survey } from "./survey.js";

/** What the schema says of the tenant, in words that go into the file. */
export interface TenantGuess {
  readonly model: string;
  readonly column: string;
  /** `inferred: 5 models have teamId` */
  readonly basis: string;
  readonly subScopes: readonly { readonly model: string; readonly column: string }[];
}

/** The text of a config: what was found as it is, the rest as comments that say how it would be written. */
export function renderConfig(survey: Survey, tenant: TenantGuess | undefined): string {
  const { app, urlVariable, hasUrl } = survey;
  return `import { defineConfig, env } from "tenantctl";

// Written by tenantctl init. All keys: docs/configuration.md of tenantctl.
export default defineConfig({
  ${app === undefined ? '// app: "name-in-reports",' : `app: ${quoted(app)},`}

  // The Prisma schema: a file, or the folder of a multi-file schema.
  ${entry("schema", survey.schema, "prisma/schema.prisma")}

  // The module that puts every model in one category, the list that your guard goes by. To propose one:
  // tenantctl registry generate --output src/config/tenant-model-registry.ts
  ${entry("registry", survey.registry, "src/config/tenant-model-registry.ts")}

${tenantPart(tenant)}

  // ${hasUrl ? "The variable is set." : "The variable is not set yet: put it into .env, or export it."} A replica and a role that may only read are best.
  database: { url: env(${quoted(urlVariable)}) },
  // Several databases, such as shards or regions, in its place:
  // databases: { eu: { url: env("EU_URL") }, us: { url: env("US_URL") } },

  // Severity of a rule: "error", "warning", "info" or "off". tenantctl explain RULE says what it means.
  // rules: { "registry/unique-without-tenant": "off" },

  // What is by design, with a reason and, if wanted, a last day.
  // suppress: [{ rule: "db/nullable-column", table: "audit_logs", reason: "null means the system", until: "2026-12-31" }],

  // Overrides for --env NAME.
  // environments: { staging: { database: { url: env("STAGING_DATABASE_URL") } } },
${laterPart(survey)}});
`;
}

function tenantPart(tenant: TenantGuess | undefined): string {
  if (!tenant) {
    return `  // The model that is a customer, and the field that points at it. Without them they are inferred.
  // tenant: { model: "Tenant", column: "tenantId" },`;
  }
  const { model, column, basis, subScopes } = tenant;
  const units = subScopes.length
    ? `[${subScopes.map((unit) => `{ model: ${quoted(unit.model)}, column: ${quoted(unit.column)} }`).join(", ")}]`
    : undefined;
  return `  // The model that is a customer, and the field that points at it (${basis}). Correct it if that is wrong.
  tenant: {
    model: ${quoted(model)},
    column: ${quoted(column)},
    ${units ? `subScopes: ${units},` : '// A second level inside a tenant: subScopes: [{ model: "BusinessUnit", column: "businessUnitId" }],'}
  },`;
}

/** Sections of commands that ask for more than a database. */
function laterPart({ openapi, inventory, ecosystem }: Survey): string {
  const parts = [
    ...("path" in openapi
      ? [
          "  // For tenantctl isolation: two tenants' tokens, and the routes.",
          `  isolation: { openapi: ${quoted(openapi.path)} },`,
          "  // For tenantctl smoke: what customers do, step by step. docs/configuration.md has all that a step may say.",
          '  // smoke: { workflows: { assets: { steps: [{ name: "create", request: "POST /assets", body: { name: "{canary}" }, capture: { asset: "id" } }] } } },',
        ]
      : []),
    ...("path" in inventory || "path" in ecosystem
      ? ["  // For tenantctl deploy and rollback: the hosts, and what runs on them."]
      : []),
    ...("path" in inventory ? [`  fleet: { inventory: ${quoted(inventory.path)} },`] : []),
    ...("path" in ecosystem ? [`  // pm2 runs it: ${ecosystem.path}`] : []),
  ];
  return parts.length ? `\n${parts.join("\n")}\n` : "";
}

function entry(key: string, found: Found, usual: string): string {
  return "path" in found
    ? `${key}: ${quoted(found.path)},`
    : `// ${key}: ${quoted(usual)}, // ${found.missing.split("\n")[0]}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
