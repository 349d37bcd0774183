/** Makes sure that the programs are there which npm does not bring. Node built-ins only. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { say, stop } from "./prepare.mjs";

/** Programs that the tests run against, where they may be, and the Debian package that has them. */
export const programs = {
  pgbouncer: { package: "pgbouncer", folders: ["/usr/sbin"] },
  chromium: { package: "chromium", folders: [] },
  openssl: { package: "openssl", folders: [] },
  zsh: { package: "zsh", folders: [] },
  fish: { package: "fish", folders: [] },
  "ansible-playbook": { package: "ansible-core", folders: [] },
  "ansible-lint": { package: "ansible-lint", folders: [] },
  sshd: { package: "openssh-server", folders: ["/usr/sbin"] },
  postgres: { package: "postgresql", folders: serverFolders },
  "hypopg.so": {
    package: hypopgPackage,
    folders: () => serverFolders().map((bin) => join(dirname(bin), "lib")),
  },
};

/** It is built for each version of the server: the one that is installed. */
function hypopgPackage() {
  const [bin] = serverFolders();
  return bin === undefined ? undefined : `postgresql-${basename(dirname(bin))}-hypopg`;
}

function serverFolders() {
  const base = "/usr/lib/postgresql";
  return existsSync(base) ? readdirSync(base).map((version) => join(base, version, "bin")) : [];
}

/** Path of a program, or undefined. */
export function findProgram(name) {
  const { folders } = programs[name];
  const all = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...(typeof folders === "function" ? folders() : folders),
  ];
  return all.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** As root on Debian installs what is missing; else says the command and stops. Nothing is skipped silently. */
export function ensurePrograms(names) {
  const missing = names.filter((name) => !findProgram(name));
  if (missing.length === 0) return;
  const named = missing.map((name) => programs[name].package);
  const packages = named.flatMap((each) => (typeof each === "function" ? (each() ?? []) : each));
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || !isDebian()) {
    stop(`missing: ${missing.join(", ")}`, `${process.getuid?.() === 0 ? "" : "sudo "}sh -c '${command}'`);
  }
  say(`installing ${packages.join(", ")} (apt-get)`);
  keepServerStopped();
  const options = {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    maxBuffer: 1e8,
  };
  const wait = ["-o", "DPkg::Lock::Timeout=600"];
  const update = spawnSync("apt-get", [...wait, "update"], options);
  const install = spawnSync(
    "apt-get",
    [...wait, "install", "-y", "--no-install-recommends", ...packages],
    options,
  );
  const still = missing.filter((name) => !findProgram(name));
  if (still.length === 0) return;
  // A package whose name depends on what was installed just now.
  if (still.length < missing.length) return ensurePrograms(still);
  process.stderr.write(`${update.stderr ?? ""}${install.stdout ?? ""}${install.stderr ?? ""}`);
  stop(`apt-get did not install ${still.join(", ")}, see above`, command);
}

function isDebian() {
  return existsSync("/etc/debian_version") && /debian|ubuntu/i.test(readFileSync("/etc/os-release", "utf8"));
}

/** Debian's postgresql package would create a cluster and start it: only its programs are wanted. */
function keepServerStopped() {
  const folder = "/etc/postgresql-common/createcluster.d";
  if (existsSync("/etc/postgresql-common/createcluster.conf")) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tenantctl.conf"), "create_main_cluster = false\n");
}
