import { Prisma } from "../generated/prisma/client.js";
import { log } from "../log.js";

/** Models whose rows belong to one tenant: they have `tenantId`. */
export const TENANT_SCOPED_MODELS = [
  "BusinessUnit",
  "User",
  "Client",
  "Tag",
  "Rental",
  "Contract",
  "Invoice",
  "Payment",
  "Supply",
  "AuditLog",
  "TenantModule",
] as const;

/** Models whose rows belong to one branch of a tenant: they have `tenantId` and `businessUnitId`. */
export const BUSINESS_UNIT_SCOPED_MODELS = [
  "ClientBusinessUnit",
  "Asset",
  "Quotation",
  "supplyUsage",
] as const;

/** Models that belong to nobody. A request may read them, not write them; of tenants it sees its own. */
export const GLOBAL_MODELS = ["Tenant", "Module"] as const;

/** Models without `tenantId`, reached through their parent: see PARENT_RELATIONS in guard/relations.ts. */
export const SPECIAL_HANDLING_MODELS = ["QuotationItem", "InvoiceLine"] as const;

export const REGISTERED_MODELS: readonly string[] = [
  ...TENANT_SCOPED_MODELS,
  ...BUSINESS_UNIT_SCOPED_MODELS,
  ...GLOBAL_MODELS,
  ...SPECIAL_HANDLING_MODELS,
];

/**
 * Compares the lists with the Prisma schema. Called at startup. It reports and does not stop the start:
 * a release that can't start is worse than one whose log says what to fix.
 */
export function validateModelRegistration(): void {
  const problems = registrationProblems(Object.keys(Prisma.ModelName));
  for (const problem of problems) log.warn(`validateModelRegistration(): ${problem}`);
  if (problems.length === 0) {
    log.info(`validateModelRegistration(): success, ${REGISTERED_MODELS.length} models registered`);
  }
}

function registrationProblems(models: string[]): string[] {
  const isDuplicate = (name: string, index: number) => REGISTERED_MODELS.indexOf(name) !== index;
  return [
    ...models.filter((name) => !REGISTERED_MODELS.includes(name)).map((name) => `${name} is in no list`),
    ...REGISTERED_MODELS.filter((name) => !models.includes(name)).map((name) => `${name} is no model`),
    ...REGISTERED_MODELS.filter(isDuplicate).map((name) => `${name} is listed twice`),
  ];
}
