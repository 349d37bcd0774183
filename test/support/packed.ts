import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./cli.js";

/** Packs the repository as `npm publish` would; the archive's path. */
export function pack(folder: string): string {
  const packed = npm(["pack", "--ignore-scripts", "--pack-destination", folder], root);
  if (packed.status !== 0) throw new Error(packed.stderr);
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!);
}

/** Installs an archive and what it depends on, nothing else, into an empty folder, without the network. */
export function installPacked(archive: string, folder: string): void {
  writeFileSync(join(folder, "package.json"), "{}");
  const flags = [
    "--omit=dev",
    "--offline",
    "--prefer-offline",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
  ];
  const installed = npm(["install", ...flags, archive], folder);
  if (installed.status === 0) return;
  // npm's cache need not hold what this very folder was installed from.
  const listed = npm(["ls", "--omit=dev", "--all", "--parseable", "--workspaces=false"], root);
  const [own, ...packages] = listed.stdout.trim().split("\n");
  if (own === undefined || packages.length === 0) throw new Error(installed.stderr + listed.stderr);
  for (const path of packages) cpSync(path, join(folder, relative(own, path)), { recursive: true });
  const target = join(folder, "node_modules", "tenantctl");
  mkdirSync(target);
  const unpacked = spawnSync("tar", ["-xzf", archive, "--strip-components=1", "-C", target]);
  if (unpacked.status !== 0) throw new Error(String(unpacked.stderr));
}

/** npm, whatever this was started by, and without what `npm test` tells its children. */
function npm(args: string[], cwd: string) {
  const { PATH, HOME, npm_execpath: script, npm_config_cache: cache } = process.env;
  const [command, words] = script ? [process.execPath, [script, ...args]] : ["npm", args];
  return spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    env: { PATH, HOME, ...(cache ? { npm_config_cache: cache } : {}) },
  });
}
