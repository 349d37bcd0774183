import type { Snapshot } from "../adapters/postgres/snapshot.js";
import type { Application, ScanProgress } from "../database/index.js";
import type { CheckOutcome } from "../findings/check.js";
import type { Work } from "./execute.js";
import type { LoadedApplication } from "./load-application.js";
import { openDatabase } from "./open-database.js";

/** Runs database checks on every database that is meant, one after the other. */
export async function auditTargets(
  work: Work,
  loaded: LoadedApplication,
  audit: (snapshot: Snapshot, application: Application, progress: ScanProgress) => Promise<CheckOutcome[]>,
): Promise<CheckOutcome[]> {
  const outcomes: CheckOutcome[] = [];
  for (const target of work.settings.databases) {
    const { snapshot, application, shown } = await openDatabase(work, loaded, target);
    try {
      work.progress.update(`reading the catalogs of ${shown}`);
      const found = await audit(snapshot, application, ({ title, done, total }) =>
        work.progress.update(`${shown}: ${title}`, done / Math.max(1, total)),
      );
      outcomes.push(...found.map((outcome) => named(outcome, target.name)));
    } finally {
      await snapshot.close();
    }
  }
  return outcomes;
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
