import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import type { FindingDraft } from "../../findings/finding.js";
import { refusal } from "../refusal.js";
import type { Scan, Unseen } from "./scan.js";

/** How one question was answered. */
export interface ScanRecord {
  readonly scan: Scan;
  /** Time of its SQL, in milliseconds. */
  readonly durationMs: number;
}

export interface ScanResults {
  readonly drafts: readonly FindingDraft[];
  readonly records: readonly ScanRecord[];
  readonly unseen: readonly Unseen[];
}

/** Told when a scan starts and ends; `done` and `total` are in the scans' own cost. */
export type ScanProgress = (event: { title: string; done: number; total: number }) => void;

/**
 * Runs scans side by side, the dearest first, as many at once as the snapshot has sessions. A statement that
 * fails is recorded as not seen, and the others go on.
 *
 * @throws the snapshot's abort reason when it is aborted.
 */
export async function runScans(
  snapshot: Snapshot,
  scans: readonly Scan[],
  progress: ScanProgress = () => {},
): Promise<ScanResults> {
  const total = scans.reduce((sum, scan) => sum + scan.cost, 0);
  const drafts: FindingDraft[] = [];
  const records: ScanRecord[] = [];
  const unseen: Unseen[] = [];
  let done = 0;
  const run = async (scan: Scan): Promise<void> => {
    const { sql, values, settings } = scan.statement;
    const start = { at: 0 };
    try {
      const rows = await snapshot.query(sql, values, settings, () => {
        start.at = performance.now();
        progress({ title: scan.title, done, total });
      });
      records.push({ scan, durationMs: performance.now() - start.at });
      const judged = scan.judge(rows);
      if ("instead" in judged) await run(judged.instead);
      else drafts.push(...judged.drafts);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      unseen.push({ checks: scan.checks, title: scan.title, reason: refusal(error, scan.table.table) });
    }
  };
  await Promise.all(
    scans.map(async (scan) => {
      await run(scan);
      done += scan.cost;
      progress({ title: scan.title, done, total });
    }),
  );
  return { drafts, records, unseen };
}
