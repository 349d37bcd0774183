import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AdapterError } from "./errors.js";

/** The user that a server runs as. */
export interface RunAs {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. As root, the system's `postgres` user is taken, else `nobody`: no user
 * is created. As anybody else, undefined: the server runs as ourselves.
 *
 * @throws AdapterError as root on a system with neither user.
 */
export function serverUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const entry = users.find(([name]) => name === wanted);
    if (entry) return { name: wanted, uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new AdapterError(
    "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as",
    "run the command as an ordinary user, or create one: useradd --system postgres",
  );
}

/** True where every folder above a path lets others pass, so that another user can reach it. */
export function isReachable(path: string, user: RunAs | undefined): boolean {
  if (!user) return true;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid } = statSync(folder);
    const mayPass = uid === user.uid ? mode & 0o100 : mode & 0o001;
    if (!mayPass) return false;
    if (folder === dirname(folder)) return true;
  }
}
