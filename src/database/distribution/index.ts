import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { readSql } from "../../adapters/sql-file.js";
import type { CheckOutcome } from "../../findings/check.js";
import type { TableDistribution } from "../../findings/distribution.js";
import { UnavailableError, UsageError } from "../../findings/errors.js";
import type { FindingDraft } from "../../findings/finding.js";
import type { Application } from "../application.js";
import { readAudited } from "../audit.js";
import type { Audited } from "../audited.js";
import { hiddenReason } from "../audited-table.js";
import type { CatalogTable } from "../catalog/types.js";
import { partitionsOf } from "../readiness/leading-index.js";
import { refusal } from "../refusal.js";
import type { ScanProgress } from "../scans/run.js";
import { listedBefore, withGrowth } from "./growth.js";
import type { DistributionOptions } from "./options.js";
import { readExactly, readSample, type TableSize } from "./read.js";
import { tenantSkew } from "./skew.js";
import { type OwnedTable, ownedTables, tablesRead } from "./tables.js";

/** The check, before it has run. */
export const distributionCheck = { id: "distribution", title: "Distribution of rows among tenants" } as const;

/** Ranges of tuple ids, which the sample reads by. */
const sampleVersion = 140_000;

/**
 * How each table's rows divide among tenants, in one snapshot.
 *
 * @throws UsageError where a table is named that has no tenants' rows, or the server is too old to estimate;
 *   UnavailableError where the database has none of the schema's tables.
 */
export async function auditDistribution(
  snapshot: Snapshot,
  application: Application,
  options: DistributionOptions,
  progress: ScanProgress = () => {},
): Promise<CheckOutcome> {
  const audited = await readAudited(snapshot, application);
  requireTenants(audited);
  requireSampling(audited, options);
  const chosen = ownedTables(audited, options.tables);
  const total = chosen.reduce((sum, { table }) => sum + table.table.estimatedRows, 0);
  const drafts: FindingDraft[] = [];
  const unseen: string[] = [];
  let done = 0;
  const read = async (owned: OwnedTable): Promise<TableDistribution[]> => {
    const { table } = owned.table;
    const hidden = hiddenReason(tablesRead(audited, owned));
    if (hidden !== undefined) {
      unseen.push(hidden);
      return [];
    }
    const start = { at: performance.now() };
    try {
      const onStart = () => {
        start.at = performance.now();
        progress({ title: table.name, done, total });
      };
      const distribution = await readOne(snapshot, audited, owned, options, onStart);
      const durationMs = Math.round((performance.now() - start.at) * 10) / 10;
      const whole = withGrowth({ ...distribution, durationMs }, options.earlier);
      drafts.push(...tenantSkew(owned.table, whole));
      return [whole];
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      unseen.push(refusal(error, table));
      return [];
    } finally {
      done += table.estimatedRows;
      progress({ title: table.name, done, total });
    }
  };
  const tables = (await Promise.all(chosen.map(read))).flat();
  tables.sort((left, right) => right.rows - left.rows);
  const { server } = audited.catalog;
  return {
    ...distributionCheck,
    drafts,
    ...(unseen.length
      ? {
          obstacle: {
            status: "error" as const,
            reason: `${unseen.length} of ${chosen.length} tables could not be read: ${[...new Set(unseen)].slice(0, 3).join("; ")}`,
          },
        }
      : {}),
    durationMs: tables.reduce((sum, { durationMs }) => sum + durationMs, 0),
    facts: {
      database: server.database,
      server: server.version,
      tenant: application.context.tenancy.model.name,
      takenAt: new Date().toISOString(),
      ...(options.earlier ? { comparedWith: options.earlier.takenAt } : {}),
      tables,
    },
  };
}

function requireTenants({ tenants, tenantKey, application }: Audited): void {
  if (tenants && tenantKey) return;
  const { model } = application.context.tenancy;
  throw new UnavailableError(
    `the tenants' table ${model.table} (model ${model.name}), or its key, is not in the database`,
    "apply the migrations first: npx prisma migrate deploy",
  );
}

function requireSampling({ catalog }: Audited, { isEstimate, measuresBytes }: DistributionOptions): void {
  if (!isEstimate) return;
  if (catalog.server.versionNumber < sampleVersion) {
    throw new UsageError(
      "--estimate needs PostgreSQL 14 or later",
      "leave it out: the exact count reads all rows",
    );
  }
  if (measuresBytes)
    throw new UsageError("--bytes measures every row, --estimate reads a few", "choose one of them");
}

async function readOne(
  snapshot: Snapshot,
  audited: Audited,
  owned: OwnedTable,
  options: DistributionOptions,
  onStart: () => void,
) {
  const { id, schema, name } = owned.table.table;
  const [size] = await snapshot.query<TableSize & Record<string, unknown>>(readSql("database/size"), [id]);
  const listed = { top: options.top, also: listedBefore(options.earlier, { schema, table: name }) };
  // A sample is drawn from pages of tables; what else is read along with one has to be counted.
  if (!options.isEstimate || !hasPagesOnly(owned.table.table, audited)) {
    return readExactly(snapshot, audited, owned, listed, size!, options.measuresBytes, onStart);
  }
  const tenantCount = audited.tenants!.table.estimatedRows;
  return readSample(snapshot, audited, owned, listed, size!, tenantCount, onStart);
}

/** No table inherits from it, and all of its partitions are tables of this server. */
function hasPagesOnly(table: CatalogTable, audited: Audited): boolean {
  const parts = partitionsOf(table, audited);
  return !table.hasHeirs && parts.every(({ kind }) => kind === "table" || kind === "partitioned");
}
