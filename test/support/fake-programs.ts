import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./project.js";

/**
 * A folder for PATH with small shell scripts, by the name of the program: what each one does.
 *
 * @returns absolute; gone when the test ends
 */
export function fakePrograms(scripts: Readonly<Record<string, string>>): string {
  const folder = project({});
  for (const [name, body] of Object.entries(scripts)) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }
  return folder;
}

/** pm2 as npm installs it: a link into a package. Where it is run, it leaves a file `ran`. */
export function fakePm2(folder: string, version: string): void {
  const bin = join(folder, "lib", "node_modules", "pm2", "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "..", "package.json"), JSON.stringify({ name: "pm2", version }));
  writeFileSync(join(bin, "pm2"), `#!/bin/sh\n: > ${join(folder, "ran")}\n`);
  chmodSync(join(bin, "pm2"), 0o755);
  symlinkSync(join(bin, "pm2"), join(folder, "pm2"));
}

/** Programs that answer as the real ones do. */
export const answers = {
  git: "echo git version 2.43.0",
  ssh: "echo 'OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024' >&2",
  psql: "echo 'psql (PostgreSQL) 16.4 (Ubuntu 16.4-0ubuntu0.24.04.2)'",
  "ansible-playbook": "echo 'ansible-playbook [core 2.16.3]'; echo '  python version = 3.12.3'",
  promtool: "echo 'promtool, version 2.45.3+ds (branch: debian/sid, revision: 2.45.3+ds-2)'",
} as const;
