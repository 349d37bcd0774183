import { QueryError, type Snapshot } from "../adapters/postgres/snapshot.js";
import type { CheckOutcome, Obstacle } from "../findings/check.js";
import { UnavailableError } from "../findings/errors.js";
import type { FindingDraft } from "../findings/finding.js";
import type { RuleId } from "../findings/rules.js";
import { type Application, schemasOf } from "./application.js";
import { type Audited, buildAudited } from "./audited.js";
import { readCatalog } from "./catalog/read.js";
import { judgeReadiness } from "./readiness/index.js";
import { planScans } from "./scans/plan.js";
import { runScans, type ScanProgress, type ScanResults } from "./scans/run.js";
import type { ScanPlan } from "./scans/scan.js";

export type DatabaseCheck = "readiness" | "orphans" | "references";

export interface DatabaseAuditOptions {
  readonly checks: readonly DatabaseCheck[];
  /** Read rows even where a constraint proves the answer. */
  readonly deep?: boolean;
  readonly progress?: ScanProgress;
}

export const checkTitles: Readonly<Record<DatabaseCheck, string>> = {
  readiness: "Database readiness",
  orphans: "Orphans and rows without a tenant",
  references: "References across tenants",
};

/**
 * Audits a live database: catalogs first, then what has to be read, all in the snapshot's one moment. A scan
 * that answers two checks at once runs once.
 *
 * @throws UnavailableError where the database has none of the schema's tables.
 */
export async function auditDatabase(
  snapshot: Snapshot,
  application: Application,
  { checks, deep = false, progress }: DatabaseAuditOptions,
): Promise<CheckOutcome[]> {
  const start = performance.now();
  const audited = await readAudited(snapshot, application);
  const catalogMs = performance.now() - start;
  const plan = planScans(audited, {
    tenants: checks.includes("orphans"),
    dangling: checks.includes("orphans"),
    crossing: checks.includes("references"),
    deep,
  });
  const results = await runScans(snapshot, plan.scans, progress);
  return checks.map((check) =>
    check === "readiness" ? readiness(audited, catalogMs) : scanned(check, audited, plan, results),
  );
}

/**
 * The catalogs, joined with the application's schema.
 *
 * @throws UnavailableError where they can't be read, or the database has none of the schema's tables.
 */
export async function readAudited(snapshot: Snapshot, application: Application): Promise<Audited> {
  const catalog = await readCatalog(snapshot, schemasOf(application)).catch(refuseWithoutCatalog);
  const audited = buildAudited(application, catalog);
  refuseForeignDatabase(audited);
  return audited;
}

/** Without the catalogs nothing can be said at all. */
function refuseWithoutCatalog(error: unknown): never {
  if (!(error instanceof QueryError)) throw error;
  throw new UnavailableError(
    `the database's catalogs could not be read: ${error.message}`,
    "try again; --timeout and --statement-timeout give it longer",
  );
}

/** A database with no table of the schema is the wrong one: sixty findings would hide that. */
function refuseForeignDatabase({ tables, missing, catalog, schemas }: Audited): void {
  const hasAny = tables.some((audited) => audited.registered);
  if (hasAny) return;
  throw new UnavailableError(
    `database ${catalog.server.database} has none of the schema's ${missing.length} tables in ${schemas.join(", ")}`,
    "is it the right database, and the right PostgreSQL schema (?schema=name in the URL)? Else apply the migrations first: npx prisma migrate deploy",
  );
}

function readiness(audited: Audited, durationMs: number): CheckOutcome {
  const { server, unseen } = audited.catalog;
  return {
    id: "readiness",
    title: checkTitles.readiness,
    drafts: judgeReadiness(audited),
    obstacle:
      withoutTenants(audited) ?? (unseen.length ? { status: "error", reason: unseen.join("; ") } : undefined),
    durationMs,
    facts: {
      database: server.database,
      server: server.version,
      role: server.role,
      isStandby: server.isStandby,
      indexBuildsInProgress: server.indexBuilds,
      schemas: audited.schemas,
      schemaFiles: audited.application.context.schema.files,
      tables: audited.tables.filter((table) => table.registered || table.joinTable).length,
      scopedTables: audited.tables.filter((table) => table.isScoped).length,
      estimatedRows: audited.tables.reduce((sum, { table }) => sum + table.estimatedRows, 0),
    },
  };
}

const rulesOf: Readonly<Record<"orphans" | "references", readonly RuleId[]>> = {
  orphans: ["db/orphan-rows", "db/null-tenant-rows"],
  references: ["db/cross-tenant-reference"],
};

function scanned(
  check: "orphans" | "references",
  audited: Audited,
  plan: ScanPlan,
  results: ScanResults,
): CheckOutcome {
  const records = results.records.filter(({ scan }) => scan.checks.includes(check));
  const proven = plan.proven.filter((each) => each.check === check);
  const unseen = [...plan.unseen, ...results.unseen].filter(({ checks }) => checks.includes(check));
  return {
    id: check,
    title: checkTitles[check],
    drafts: results.drafts.filter((draft: FindingDraft) => rulesOf[check].includes(draft.rule)),
    obstacle: obstacleOf(audited, unseen),
    durationMs: records.reduce((sum, record) => sum + record.durationMs, 0),
    facts: {
      database: audited.catalog.server.database,
      server: audited.catalog.server.version,
      scanned: records.map(({ scan, durationMs }) => ({
        what: scan.title,
        basis: "scan",
        way: scan.way,
        why: scan.why,
        durationMs: Math.round(durationMs * 10) / 10,
      })),
      proven: proven.map(({ title, by }) => ({ what: title, basis: "constraint", by })),
      unseen: unseen.map(({ title, reason }) => ({ what: title, reason })),
    },
  };
}

/** Without the tenants, or their key, nothing can be compared with them. */
function withoutTenants({ application, tenants, tenantKey }: Audited): Obstacle | undefined {
  const { model, key } = application.context.tenancy;
  if (!tenants) {
    const reason = `the tenants' table ${model.table} (model ${model.name}) is not in the database`;
    return { status: "error", reason };
  }
  if (tenantKey) return undefined;
  const reason = `the tenants' table ${model.table} has no column ${key.column}, which ${model.name}.${key.name} is mapped to`;
  return { status: "error", reason };
}

function obstacleOf(audited: Audited, unseen: readonly { reason: string }[]): Obstacle | undefined {
  const lacking = withoutTenants(audited);
  if (lacking) return lacking;
  if (unseen.length === 0) return undefined;
  const reasons = [...new Set(unseen.map(({ reason }) => reason))];
  const shown = reasons.slice(0, 3).join("; ");
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : "";
  return {
    status: "error",
    reason: `${unseen.length} of the questions could not be answered: ${shown}${more}`,
  };
}
