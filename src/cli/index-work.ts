import { stateFolderOf } from "../adapters/journal-file.js";
import { isLocalHost, parseDatabaseAddress } from "../adapters/postgres/address.js";
import type { DatabaseTarget } from "../config/settings.js";
import type { CheckOutcome } from "../findings/check.js";
import { InterruptedError } from "../findings/errors.js";
import { type IndexResult, outcomeOfWork, type Site, withSite } from "../indexes/index.js";
import { requireConsent } from "./consent.js";
import type { Work } from "./execute.js";
import type { IndexWorkFlags } from "./index-options.js";
import { showWork } from "./index-progress.js";
import type { CommonOptions } from "./options.js";

const usualJobs = 2;

/** A database, connected to, that indexes are worked on in. */
export interface Place {
  readonly site: Site;
  /** `divanco on db.example.com:5432` */
  readonly shown: string;
  /** @throws UsageError, InterruptedError where nobody says yes. */
  readonly requireConsent: (what: string) => Promise<void>;
}

/** Does work at each database that is meant, one after the other. */
export async function atEachDatabase(
  work: Work,
  options: IndexWorkFlags & CommonOptions,
  run: (place: Place) => Promise<CheckOutcome>,
): Promise<CheckOutcome[]> {
  const outcomes: CheckOutcome[] = [];
  for (const target of work.settings.databases) {
    const outcome = await atDatabase(work, options, target, run);
    outcomes.push(
      target.name === undefined
        ? outcome
        : {
            ...outcome,
            title: `${outcome.title} (${target.name})`,
            facts: { ...outcome.facts, databaseName: target.name },
            drafts: outcome.drafts.map((draft) => ({
              ...draft,
              subject: { ...draft.subject, database: target.name },
            })),
          },
    );
  }
  return outcomes;
}

async function atDatabase(
  { context, settings, progress }: Work,
  options: IndexWorkFlags & CommonOptions,
  target: DatabaseTarget,
  run: (place: Place) => Promise<CheckOutcome>,
): Promise<CheckOutcome> {
  const address = parseDatabaseAddress(target.url(undefined).reveal());
  progress.update(`connecting to ${address.shown}`);
  const { maxWal, minFreeDisk, freeDisk, maxLag } = options;
  return withSite(
    {
      address,
      stateFolder: stateFolderOf(settings.base, settings.stateFolder),
      jobs: options.jobs ?? usualJobs,
      deadline: options.deadline * 1000,
      retries: options.retries,
      session: { memory: options.maintenanceWorkMem, workers: options.workers },
      limits: { maxWal, minFreeDisk, freeDisk, maxLag },
      signal: context.signal,
      observe: showWork(progress, options.samples),
      now: context.now,
    },
    async (site) =>
      run({
        site,
        shown: address.shown,
        requireConsent: async (what) => {
          progress.stop();
          const change = `${what} in ${address.shown}`;
          await requireConsent(context, options, settings, isLocalHost(address.host), change);
        },
      }),
  );
}

/** What a report says of the database. */
export function factsOf({ site, shown }: Place): Record<string, unknown> {
  return { database: shown, server: site.server.version };
}

/**
 * The outcome of work that is over.
 *
 * @throws InterruptedError where the user ended it, with what became of each index.
 */
export function concluded(
  { context }: Work,
  place: Place,
  results: readonly IndexResult[],
  journals: readonly string[],
  durationMs: number,
): CheckOutcome {
  if (context.signal.aborted) throw interrupted(results);
  return outcomeOfWork(results, { ...factsOf(place), ...(journals.length ? { journals } : {}) }, durationMs);
}

/** Says what was undone, and what is left. */
function interrupted(results: readonly IndexResult[]): InterruptedError {
  const named = (some: readonly IndexResult[]) =>
    some.map(({ definition }) => `${definition.schema}.${definition.name}`).join(", ");
  const isDone = ({ state }: IndexResult) =>
    ["built", "already there", "dropped", "not there"].includes(state);
  const left = results.filter(({ isLeft }) => isLeft);
  const done = results.filter(isDone);
  const undone = results.filter((result) => !isDone(result) && !result.isLeft);
  const said = [
    ...(undone.length ? [`nothing is left of ${named(undone)}`] : []),
    ...(left.length ? [`invalid and still to be dropped: ${named(left)}`] : []),
    ...(done.length ? [`done and kept: ${named(done)}`] : []),
  ];
  return new InterruptedError(
    `interrupted: what ran on the server was cancelled; ${said.join("; ")}`,
    "tenantctl index resume goes on with the rest",
  );
}
