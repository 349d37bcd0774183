import type { Snapshot } from "../adapters/postgres/snapshot.js";
import type { Application } from "./application.js";
import { readAudited } from "./audit.js";
import type { Audited } from "./audited.js";
import { hiddenReason } from "./audited-table.js";
import { ownedTables, tablesRead } from "./distribution/tables.js";
import { isBaseTable } from "./readiness/foreign-keys.js";
import { planScans } from "./scans/plan.js";
import type { Unseen } from "./scans/scan.js";
import { tenantSources } from "./tenant-source.js";

/** A table of tenants' rows that the role can't read whole. */
export interface HiddenTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  /** False where the role lacks SELECT on it or on a column. */
  readonly maySelect: boolean;
}

/** A question of a check that can't be answered for what the role can't read. */
export interface HiddenQuestion {
  readonly check: "orphans" | "references" | "distribution";
  readonly title: string;
}

/** What the role can't read of the tables that audits read, and what stays open for it. */
export interface HiddenRows {
  readonly schemas: readonly string[];
  /** How many tables of tenants' rows there are. */
  readonly total: number;
  readonly tables: readonly HiddenTable[];
  /** Open in `audit`. */
  readonly questions: readonly HiddenQuestion[];
  /** Open with `--deep` or in `db distribution` only. */
  readonly furtherQuestions: readonly HiddenQuestion[];
}

/**
 * Lists what the role can't read. Only the catalogs are looked at; no right on any table is needed.
 *
 * @throws UnavailableError where they can't be read, or the database has none of the schema's tables.
 */
export async function readHiddenRows(snapshot: Snapshot, application: Application): Promise<HiddenRows> {
  return hiddenRows(await readAudited(snapshot, application));
}

/** The same from the catalogs. Pure. */
function hiddenRows(audited: Audited): HiddenRows {
  const sources = tenantSources(audited);
  const read = audited.tables.filter(
    (each) => isBaseTable(each) && (each.isTenant || sources.has(each.table.id)),
  );
  const hidden = read.filter(({ table }) => table.hidden !== undefined);
  const questions = openQuestions(audited, false);
  const known = new Set(questions.map(keyOf));
  return {
    schemas: audited.schemas,
    total: read.length,
    tables: hidden.map(({ table: { id, schema, name, columns } }) => ({
      id,
      schema,
      name,
      maySelect: columns.every((column) => column.maySelect),
    })),
    questions,
    furtherQuestions: [
      ...openQuestions(audited, true).filter((each) => !known.has(keyOf(each))),
      ...openDistributions(audited),
    ],
  };
}

function openQuestions(audited: Audited, deep: boolean): HiddenQuestion[] {
  const { unseen } = planScans(audited, { tenants: true, dangling: true, crossing: true, deep });
  return unseen.flatMap(({ checks, title }: Unseen) => checks.map((check) => ({ check, title })));
}

function openDistributions(audited: Audited): HiddenQuestion[] {
  return ownedTables(audited, [])
    .filter((owned) => hiddenReason(tablesRead(audited, owned)) !== undefined)
    .map(({ table }) => ({ check: "distribution", title: table.table.name }));
}

function keyOf({ check, title }: HiddenQuestion): string {
  return JSON.stringify([check, title]);
}
