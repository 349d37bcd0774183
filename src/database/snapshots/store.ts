import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UnavailableError, UsageError } from "../../findings/errors.js";
import type { DataSnapshot } from "../../findings/snapshot.js";
import { parseSnapshot, writeSnapshot } from "./file.js";

/**
 * Where a snapshot goes that nobody names a file for.
 *
 * @param folder the state folder
 * @param target the database's key in config, where there are several: their own names may be alike
 */
export function snapshotFile(folder: string, target: string | undefined, data: DataSnapshot): string {
  const time = data.takenAt.replace(/[-:]/g, "").replace(".", "");
  return join(snapshotFolder(folder), `${prefixOf(target ?? data.database)}${time}.json`);
}

function prefixOf(name: string): string {
  return `${encodeURIComponent(name).replaceAll("-", "%2D").replaceAll("*", "%2A")}-`;
}

function snapshotFolder(folder: string): string {
  return join(folder, "snapshots");
}

/**
 * Writes it whole or not at all: a killed run leaves no half file under that name. For the owner's eyes only.
 *
 * @throws UnavailableError where it can't be written.
 */
export function storeSnapshot(file: string, data: DataSnapshot): void {
  const draft = `${file}.${process.pid}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, writeSnapshot(data), { mode: 0o600, flush: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UnavailableError(
      `${file} can't be written: ${(error as NodeJS.ErrnoException).code}`,
      "name a file in a folder that you may write to: --to FILE",
    );
  }
}

/** @throws UsageError where it is not there, or is no snapshot. */
export function loadSnapshot(file: string): DataSnapshot {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `the snapshot ${file} ${code === "ENOENT" ? "is not there" : `can't be read: ${code}`}`,
      "take one with: tenantctl db snapshot",
    );
  }
  return parseSnapshot(text, file);
}

/**
 * The newest snapshot of a database among the stored ones, with its file; undefined where there is none. Their
 * names say when each was taken, so older ones are not read.
 *
 * @throws UsageError where the newest is damaged: an older one in its place would answer another question.
 */
export function newestSnapshot(
  folder: string,
  target: string | undefined,
  database: string,
): { file: string; data: DataSnapshot } | undefined {
  const prefix = prefixOf(target ?? database);
  const files = namesIn(snapshotFolder(folder)).filter(
    (name) => name.startsWith(prefix) && name.endsWith(".json"),
  );
  for (const name of files.sort().reverse()) {
    const file = join(snapshotFolder(folder), name);
    const data = loadSnapshot(file);
    if (data.database === database) return { file, data };
  }
  return undefined;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
