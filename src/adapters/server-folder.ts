import {
  accessSync,
  chmodSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdapterError } from "./errors.js";
import { isReachable, type RunAs } from "./postgres-user.js";

const prefix = "tenantctl-postgres-";

/** Temporary folders to choose from; the first that the server's user can reach is taken. */
function temporaryFolders(): string[] {
  return [...new Set([tmpdir(), "/tmp", "/var/tmp"])];
}

/**
 * The first temporary folder that we can write to and the server's user can reach.
 *
 * @throws AdapterError where there is none.
 */
export function reachableTemporaryFolder(user: RunAs | undefined): string {
  const found = temporaryFolders().find(
    (folder) => isWritable(folder) && isReachable(join(folder, "x"), user),
  );
  if (found !== undefined) return found;
  throw new AdapterError(
    `no temporary folder that ${user?.name ?? "this user"} can write to and reach`,
    "set TMPDIR to one, for example: TMPDIR=/var/tmp",
  );
}

/** A new folder for a server's data, marked with the process that owns it. */
export function makeServerFolder(user: RunAs | undefined): string {
  const folder = mkdtempSync(join(reachableTemporaryFolder(user), prefix));
  if (user) chmodSync(folder, 0o711);
  writeFileSync(
    join(folder, "owner.json"),
    JSON.stringify({ pid: process.pid, started: startOf(process.pid) }),
  );
  return folder;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Removes the folders of owners that are gone. Their servers stopped when the owner's pipe closed. */
export function sweepServerFolders(): void {
  for (const parent of temporaryFolders()) {
    for (const name of listed(parent)) {
      const folder = join(parent, name);
      if (name.startsWith(prefix) && isAbandoned(folder)) rmSync(folder, { recursive: true, force: true });
    }
  }
}

function isAbandoned(folder: string): boolean {
  try {
    if (statSync(folder).uid !== process.getuid?.()) return false;
    const { pid, started } = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8"));
    return !isAlive(pid) || startOf(pid) !== started;
  } catch {
    // Without a mark it is being made right now, or it is not ours.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in the kernel's ticks, so that a reused pid is told apart; null off Linux. */
function startOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[19]!;
  } catch {
    return null;
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
