import { parseDatabaseAddress } from "../adapters/postgres/address.js";
import { Snapshot } from "../adapters/postgres/snapshot.js";
import type { Secret } from "../config/secret.js";
import type { DatabaseTarget } from "../config/settings.js";
import type { Application } from "../database/index.js";
import { UnavailableError, UsageError } from "../findings/errors.js";
import type { Progress } from "../render/progress.js";
import type { Context } from "./context.js";
import type { Work } from "./execute.js";
import type { LoadedApplication } from "./load-application.js";

const lockTimeout = 5000;

export interface OpenDatabase {
  readonly snapshot: Snapshot;
  readonly application: Application;
  /** `divanco on localhost:5432` */
  readonly shown: string;
}

/**
 * Connects to one database and takes the snapshot that a whole command reads from.
 *
 * @throws UsageError where the schema is for no PostgreSQL, or the only database has no URL; UnavailableError
 *   where one of several has none; AdapterError where it can't be reached.
 */
export async function openDatabase(
  work: Work,
  loaded: LoadedApplication,
  target: DatabaseTarget,
): Promise<OpenDatabase> {
  const { context, progress, note } = work;
  const { provider, urlVariable } = loaded.context.schema;
  if (!["postgresql", "postgres"].includes(provider)) {
    throw new UsageError(
      `the Prisma schema is for ${provider}; tenantctl audits PostgreSQL`,
      "registry validate works for every provider",
    );
  }
  const url = urlOf(work, target, urlVariable);
  warnOfPassword(url, "--url", note);
  const { snapshot, defaultSchema, shown } = await connect(context, progress, target, url);
  return { snapshot, application: { ...loaded, defaultSchema }, shown };
}

/** A URL that stands on the command line with its password is said to be seen. */
export function warnOfPassword(url: Secret, option: string, note: Work["note"]): void {
  if (url.origin !== "as given" || !/:\/\/[^/@]*:[^/@]+@/.test(url.reveal())) return;
  note(
    `note: a password on the command line is seen by other users of this machine; ${option} env:NAME hides it`,
  );
}

export interface Connection {
  readonly snapshot: Snapshot;
  /** Schema of the models that name none. */
  readonly defaultSchema: string;
  /** `divanco on localhost:5432` */
  readonly shown: string;
}

/**
 * Connects to one database, within the target's bounds.
 *
 * @throws AdapterError where the URL is none, or the server can't be reached.
 */
export async function connect(
  { signal }: Context,
  progress: Progress,
  { jobs, statementTimeout, timeout, schema }: DatabaseTarget,
  url: Secret,
): Promise<Connection> {
  const address = parseDatabaseAddress(url.reveal());
  const { shown } = address;
  progress.update(`connecting to ${shown}`);
  const limits = { jobs, statementTimeout, lockTimeout, deadline: timeout, signal };
  const snapshot = await Snapshot.open(address, limits);
  return { snapshot, defaultSchema: schema ?? address.schema ?? "public", shown };
}

/** One of several databases without its URL is one that can't be had: the others are audited all the same. */
function urlOf({ settings }: Work, target: DatabaseTarget, urlVariable: string | undefined): Secret {
  try {
    return target.url(urlVariable);
  } catch (error) {
    if (settings.databases.length === 1 || !(error instanceof UsageError)) throw error;
    throw new UnavailableError(error.message, error.hint);
  }
}
