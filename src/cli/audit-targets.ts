import { AdapterError } from "../adapters/errors.js";
import type { Snapshot } from "../adapters/postgres/snapshot.js";
import type { DatabaseTarget } from "../config/settings.js";
import type { Application, ScanProgress } from "../database/index.js";
import type { CheckOutcome } from "../findings/check.js";
import type { Work } from "./execute.js";
import type { LoadedApplication } from "./load-application.js";
import { openDatabase } from "./open-database.js";

/**
 * Runs database checks on every database that is meant, one after the other.
 *
 * @param unreachable what stands for the checks of a database that can't be had; without it the error goes on
 */
export async function auditTargets(
  work: Work,
  loaded: LoadedApplication,
  audit: (snapshot: Snapshot, application: Application, progress: ScanProgress) => Promise<CheckOutcome[]>,
  unreachable?: (error: AdapterError) => CheckOutcome[],
): Promise<CheckOutcome[]> {
  const outcomes: CheckOutcome[] = [];
  for (const target of work.settings.databases) {
    const found = await auditTarget(work, loaded, target, audit).catch((error: unknown) => {
      if (unreachable && error instanceof AdapterError) return unreachable(error);
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
  audit: Parameters<typeof auditTargets>[2],
): Promise<CheckOutcome[]> {
  const { snapshot, application, shown } = await openDatabase(work, loaded, target);
  try {
    work.progress.update(`reading the catalogs of ${shown}`);
    return await audit(snapshot, application, ({ title, done, total }) =>
      work.progress.update(`${shown}: ${title}`, done / Math.max(1, total)),
    );
  } finally {
    await snapshot.close();
  }
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
