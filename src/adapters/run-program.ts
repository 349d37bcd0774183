import { AdapterError } from "./errors.js";
import { type GroupOptions, runInGroup } from "./program-group.js";

export type RunOptions = Omit<GroupOptions, "longestOutput"> & { readonly cwd: string };

/**
 * Runs a program without a shell and without input; what it prints goes nowhere, since it may hold secrets.
 *
 * @returns its exit code
 * @throws AdapterError where it can't be started or takes too long; the signal's reason when it is aborted.
 */
export async function runProgram(
  command: readonly [string, ...string[]],
  options: RunOptions,
): Promise<number> {
  const [program] = command;
  const { exitCode, code, isLate } = await runInGroup(command, options);
  if (exitCode !== undefined) return exitCode;
  throw isLate
    ? new AdapterError(`${program} did not end within ${options.timeout / 1000} s`, `run ${program} by hand`)
    : new AdapterError(`${program} can't be run (${code ?? "killed"})`, `check that ${program} is on PATH`);
}
