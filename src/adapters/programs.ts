import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { runInGroup } from "./program-group.js";

/** A program as this machine has it. */
export type ProgramFacts =
  | { readonly state: "missing" }
  | { readonly state: "there"; readonly path: string; readonly version: string | undefined }
  | { readonly state: "broken"; readonly path: string; readonly reason: string };

/** How long a program may take to tell its version, in milliseconds. */
const deadline = 5000;
const longestOutput = 64 * 1024;

/** The first executable file of that name on PATH; undefined where there is none. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutableFile);
}

/** The words that ask a program for its version. */
export function versionCommand(name: string, path: string): [string, ...string[]] {
  return [path, name === "ssh" ? "-V" : "--version"];
}

/** The first version in a program's answer: `2.43.0` of `git version 2.43.0`. */
export function versionIn(output: string): string | undefined {
  return /\d+\.\d+[\w.+~-]*/
    .exec(output)?.[0]
    .replace(/[^\w]+$/, "")
    .slice(0, 40);
}

/**
 * Finds a program and asks its version, within 5 seconds. It runs without a shell, without input, and with
 * PATH, HOME and LANG for its environment: what a broken one prints holds no secret of ours.
 */
export async function readProgram(
  name: string,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<ProgramFacts> {
  const path = findProgram(name, env);
  if (path === undefined) return { state: "missing" };
  // `pm2 --version` may start its daemon.
  if (name === "pm2") return { state: "there", path, version: packageVersion(path, name) };
  return ask(versionCommand(name, path), env, signal);
}

/** The version in the package.json of the package that a program's real file stands in. */
function packageVersion(path: string, name: string): string | undefined {
  for (let folder = dirname(realpathSync(path)); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const data = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (data.name === name && typeof data.version === "string") return versionIn(data.version);
    } catch {
      // None here, or none that can be read: the folder above may have it.
    }
  }
  return undefined;
}

async function ask(
  command: [string, ...string[]],
  { PATH, HOME }: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<ProgramFacts> {
  const env = { PATH, HOME, LANG: "C.UTF-8" };
  const ended = await runInGroup(command, { env, timeout: deadline, signal, longestOutput });
  const { exitCode, stdout, stderr, code, isLate } = ended;
  const [path] = command;
  if (exitCode === 0) return { state: "there", path, version: versionIn(stdout) ?? versionIn(stderr) };
  if (isLate) return { state: "broken", path, reason: `no answer in ${deadline / 1000} s` };
  const reason =
    exitCode === undefined ? `it can't be started (${code ?? "killed"})` : `exit code ${exitCode}`;
  return { state: "broken", path, reason };
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
