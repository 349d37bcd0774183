import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** The counters of one server at one moment, as they are kept for later runs. */
export interface ServerReading {
  readonly version: 1;
  /** Milliseconds since 1970, by the server's clock. */
  readonly at: number;
  /** The cluster; null where the provider hides it. */
  readonly system: string | null;
  /** Address and port, as the server says. */
  readonly node: string;
  readonly database: string;
  readonly isStandby: boolean;
  /** The last reset: another one is another count. */
  readonly countedSince: number | null;
  /** From when on its counts are those of its present role; null where that is not known. */
  readonly from: number | null;
  /** By index id: name with schema, scans, tuples read, tuples fetched. */
  readonly indexes: Readonly<Record<string, readonly [string, number, number, number]>>;
}

/** Where the readings of a database are kept, below a state folder. */
export function readingsPath(stateFolder: string, system: string | null, database: string): string {
  const key = createHash("sha256")
    .update(JSON.stringify([system, database]))
    .digest("hex")
    .slice(0, 12);
  return join(stateFolder, "index-usage", `${database.replace(/[^\w.-]/g, "_").slice(0, 60)}-${key}.jsonl`);
}

/** The readings of earlier runs, oldest first. A line that a killed run cut off is left out. */
export function readReadings(path: string): ServerReading[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => parseReading(line) ?? [])
    .sort((left, right) => left.at - right.at);
}

/** Adds readings in one write each, so that two runs at once keep both. */
export function appendReadings(path: string, readings: readonly ServerReading[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a", 0o600);
  try {
    // A line of its own, whatever a killed run left before it.
    for (const reading of readings) writeSync(file, `\n${JSON.stringify(reading)}`);
  } finally {
    closeSync(file);
  }
}

function parseReading(line: string): ServerReading | undefined {
  if (line === "") return undefined;
  try {
    const data = JSON.parse(line) as ServerReading;
    return data.version === 1 && typeof data.at === "number" && typeof data.indexes === "object"
      ? data
      : undefined;
  } catch {
    return undefined;
  }
}
