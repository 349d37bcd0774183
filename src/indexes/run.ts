import type { DatabaseAddress } from "../adapters/postgres/address.js";
import { isLocalHost } from "../adapters/postgres/address.js";
import { UnavailableError } from "../findings/errors.js";
import { type IndexJournal, isOpen, journalsOf, type Recorded, recordedIn, startJournal } from "./journal.js";
import { LimitWatch } from "./limit-watch.js";
import { diskReader, type Limits, readReplicas, requireWatchable } from "./limits.js";
import { Monitor } from "./monitor.js";
import { requireDirect } from "./pooler.js";
import { readServer, requireBuilder, type ServerFacts } from "./server.js";
import { openWorkSession, type SessionSettings, type WorkSession } from "./session.js";
import { note, type Tools, type WorkEvent } from "./tools.js";

export interface RunOptions {
  readonly address: DatabaseAddress;
  /** Absolute. */
  readonly stateFolder: string;
  /** Sessions that build at once. */
  readonly jobs: number;
  /** For one index with all its waits, in milliseconds. */
  readonly deadline: number;
  readonly retries: number;
  readonly session: SessionSettings;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly observe: (event: WorkEvent) => void;
  readonly now: () => Date;
}

/** A database that indexes can be worked on in. */
export interface Site {
  readonly options: RunOptions;
  readonly server: ServerFacts;
  /** Of our own, for short questions. */
  readonly work: WorkSession;
  /** What journals say of this database, the oldest first. */
  readonly earlier: readonly Recorded[];
  readonly freeDisk: (() => number) | undefined;
}

/**
 * Connects, and makes sure that concurrent work is possible there.
 *
 * @throws AdapterError where the server can't be reached, UnavailableError where it is a standby, a pooler, a
 *   release that corrupts, or a limit can't be watched.
 */
export async function withSite<Result>(
  options: RunOptions,
  work: (site: Site) => Promise<Result>,
): Promise<Result> {
  const session = await openWorkSession(options.address, options.session, options.signal);
  try {
    const server = await readServer(session.session);
    requireBuilder(server);
    await requireDirect(options.address, session.session);
    const freeDisk = await diskReader(session.session, server, isLocalHost(options.address.host));
    const { replicas } = await readReplicas(session.session);
    requireWatchable(options.limits, server, replicas.length > 0, freeDisk !== undefined);
    const earlier = journalsOf(options.stateFolder, server.identity).flatMap(recordedIn);
    return await work({ options, server, work: session, earlier, freeDisk });
  } finally {
    await session.session.end();
  }
}

/** Does work with a journal, a monitor and limits; all are ended with it. */
export async function withTools<Result>(
  site: Site,
  command: string,
  work: (tools: Tools) => Promise<Result>,
): Promise<Result> {
  const { options, server, earlier, freeDisk } = site;
  const limits = new LimitWatch(options.limits, freeDisk);
  const monitor = new Monitor(options.address, [limits.beat]);
  await monitor.start();
  try {
    const journal = begin(options, command, server);
    const result = await work({
      ...{ monitor, limits, journal, earlier },
      address: options.address,
      session: options.session,
      signal: AbortSignal.any([options.signal, limits.signal]),
      deadline: options.deadline,
      retries: options.retries,
      observe: options.observe,
    });
    note({ journal }, { event: "finished" });
    return result;
  } finally {
    await monitor.close();
  }
}

/** Without a journal nothing is begun: nobody could tell afterwards what is left. */
function begin({ stateFolder, now }: RunOptions, command: string, { identity }: ServerFacts): IndexJournal {
  try {
    return startJournal(stateFolder, command, identity, now());
  } catch (error) {
    throw new UnavailableError(
      `can't write a journal in ${stateFolder}: ${(error as NodeJS.ErrnoException).code}`,
      "check the folder and its permissions, or name another in config: state: { dir: … }",
    );
  }
}

/** What earlier journals say of a name is done with: this run has seen to it. */
export function closeEarlier(
  earlier: readonly Recorded[],
  { schema, name }: { readonly schema: string; readonly name: string },
  by: IndexJournal,
): void {
  for (const record of earlier) {
    if (record.schema !== schema || record.name !== name || !isOpen(record)) continue;
    if (record.state !== "wanted") record.journal.append({ event: "cleaned", schema, name });
    record.journal.append({ event: "settled", schema, name, state: `by ${by.path.split(/[\\/]/).at(-1)}` });
  }
}
