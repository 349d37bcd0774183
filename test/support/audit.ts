import { parseDatabaseAddress } from "../../src/adapters/postgres/address.js";
import { Snapshot } from "../../src/adapters/postgres/snapshot.js";
import { type Application, auditDatabase, type DatabaseCheck } from "../../src/database/index.js";
import type { CheckOutcome } from "../../src/findings/check.js";
import type { FindingDraft } from "../../src/findings/finding.js";
import { buildRegistryContext } from "../../src/registry/context.js";
import { parsePrismaSchema } from "../../src/registry/schema/read.js";
import { resolveTenancy } from "../../src/registry/tenancy/resolve.js";
import { type Lists, registryOf } from "./registry.js";

export interface AuditOptions {
  readonly checks?: readonly DatabaseCheck[];
  readonly lists?: Lists;
  readonly deep?: boolean;
  readonly jobs?: number;
}

/** What a schema's text (without datasource, unless it has one) and a registry's lists say of a database. */
export function applicationOf(url: string, schema: string, lists: Lists = {}): Application {
  const text = schema.includes("datasource")
    ? schema
    : `datasource db {\n  provider = "postgresql"\n}\n${schema}`;
  const parsed = parsePrismaSchema([{ path: "schema.prisma", text }]);
  const tenancy = resolveTenancy(parsed, { model: "Tenant", column: "tenantId" }, lists["sub-scoped"]);
  const context = buildRegistryContext(parsed, tenancy, registryOf(lists));
  const defaultSchema = parseDatabaseAddress(url).schema ?? "public";
  return { context, hasRegistry: Object.keys(lists).length > 0, defaultSchema };
}

/** Audits a database against a schema's text (without datasource, unless it has one), in this process. */
export async function auditOutcomes(
  url: string,
  schema: string,
  options: AuditOptions = {},
): Promise<CheckOutcome[]> {
  const { checks = ["readiness", "orphans", "references"], lists = {}, deep = false, jobs = 2 } = options;
  const address = parseDatabaseAddress(url);
  const snapshot = await Snapshot.open(address, {
    jobs,
    statementTimeout: 60_000,
    lockTimeout: 5000,
    deadline: 600_000,
  });
  try {
    return await auditDatabase(snapshot, applicationOf(url, schema, lists), { checks, deep });
  } finally {
    await snapshot.close();
  }
}

/** Only the findings. */
export async function auditFindings(
  url: string,
  schema: string,
  options?: AuditOptions,
): Promise<FindingDraft[]> {
  const outcomes = await auditOutcomes(url, schema, options);
  const obstacle = outcomes.find((outcome) => outcome.obstacle)?.obstacle;
  if (obstacle) throw new Error(obstacle.reason);
  return outcomes.flatMap((outcome) => outcome.drafts);
}
