import { AdapterError } from "../adapters/errors.js";
import { QueryError, type Snapshot } from "../adapters/postgres/snapshot.js";
import type { DatabaseTarget } from "../config/settings.js";
import type { Application, ScanProgress } from "../database/index.js";
import type { CheckOutcome } from "../findings/check.js";
import { UnavailableError } from "../findings/errors.js";
import type { Work } from "./execute.js";
import type { LoadedApplication } from "./load-application.js";
import { openDatabase } from "./open-database.js";

/** A database that was connected to. */
export interface ReachedTarget {
  readonly target: DatabaseTarget;
  /** `divanco on localhost:5432` */
  readonly shown: string;
}

/** What is asked of each database. */
export interface TargetAudit {
  /** Its checks: of a database that can't be read they are in error. */
  readonly checks: readonly Pick<CheckOutcome, "id" | "title">[];
  readonly run: (
    snapshot: Snapshot,
    application: Application,
    progress: ScanProgress,
    /** The database's key in config, where there are several. */
    name: string | undefined,
    reached: ReachedTarget,
  ) => Promise<CheckOutcome[]>;
  /** The command has results that stand without any database. */
  readonly hasOtherResults?: boolean;
}

/**
 * Runs database checks on every database that is meant, one after the other. One that can't be had, or not
 * be read, takes nothing from what the others and the rest of the command showed.
 *
 * @throws AdapterError, UnavailableError where the only database can't be read and nothing else was found;
 *   UsageError where what was asked for does not fit.
 */
export async function auditTargets(
  work: Work,
  loaded: LoadedApplication,
  audit: TargetAudit,
): Promise<CheckOutcome[]> {
  const { databases } = work.settings;
  const hasMore = audit.hasOtherResults === true || databases.length > 1;
  const outcomes: CheckOutcome[] = [];
  for (const target of databases) {
    const found = await auditTarget(work, loaded, target, audit).catch((error: unknown) => {
      if (hasMore && isUnavailable(error)) return inError(audit, error);
      throw error;
    });
    outcomes.push(...found.map((outcome) => named(outcome, target.name)));
  }
  return outcomes;
}

async function auditTarget(
  work: Work,
  loaded: LoadedApplication,
  target: DatabaseTarget,
  { run }: TargetAudit,
): Promise<CheckOutcome[]> {
  const { snapshot, application, shown } = await openDatabase(work, loaded, target);
  try {
    work.progress.update(`reading the catalogs of ${shown}`);
    const progress: ScanProgress = ({ title, done, total }) =>
      work.progress.update(`${shown}: ${title}`, done / Math.max(1, total));
    return await run(snapshot, application, progress, target.name, { target, shown });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new UnavailableError(
      `${shown} could not be read: ${error.message}`,
      "try again; --timeout and --statement-timeout give it longer",
    );
  } finally {
    await snapshot.close();
  }
}

function isUnavailable(error: unknown): error is AdapterError | UnavailableError {
  return error instanceof AdapterError || error instanceof UnavailableError;
}

function inError(
  { checks }: TargetAudit,
  { message, hint }: AdapterError | UnavailableError,
): CheckOutcome[] {
  return checks.map(({ id, title }) => ({
    id,
    title,
    drafts: [],
    obstacle: { status: "error", reason: `${message}; ${hint}` },
    durationMs: 0,
    facts: {},
  }));
}

/** Among several databases, each check and finding says which one it is about. */
function named(outcome: CheckOutcome, database: string | undefined): CheckOutcome {
  if (database === undefined) return outcome;
  return {
    ...outcome,
    title: `${outcome.title} (${database})`,
    facts: { ...outcome.facts, databaseName: database },
    drafts: outcome.drafts.map((draft) => ({ ...draft, subject: { ...draft.subject, database } })),
  };
}
