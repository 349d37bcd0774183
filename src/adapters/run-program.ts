import { AdapterError } from "./errors.js";
import { endGroup } from "./programs.js";

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Milliseconds; then it is killed, with what it started. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program without a shell and without input; what it prints goes nowhere, since it may hold secrets.
 *
 * @returns its exit code
 * @throws AdapterError where it can't be started or takes too long; the signal's reason when it is aborted.
 */
export async function runProgram(
  [program, ...words]: readonly [string, ...string[]],
  { env, cwd, timeout, signal }: RunOptions,
): Promise<number> {
  const { execa } = await import("execa");
  signal?.throwIfAborted();
  const child = execa(program, words, {
    reject: false,
    stdio: "ignore",
    extendEnv: false,
    env,
    cwd,
    // A group of its own, so that what it started ends with it.
    detached: true,
  });
  let isLate = false;
  const end = () => endGroup(child.pid);
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeout);
  signal?.addEventListener("abort", end, { once: true });
  try {
    const { exitCode, code } = await child;
    signal?.throwIfAborted();
    if (exitCode !== undefined) return exitCode;
    throw isLate
      ? new AdapterError(`${program} did not end within ${timeout / 1000} s`, `run ${program} by hand`)
      : new AdapterError(`${program} can't be run (${code ?? "killed"})`, `check that ${program} is on PATH`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}
