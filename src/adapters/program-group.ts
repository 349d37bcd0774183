/** How a program runs that leads a group. */
export interface GroupOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Milliseconds; then it is killed, with what it started. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of what it prints that are kept; undefined where it goes nowhere. */
  readonly longestOutput?: number;
}

/** How it ended. */
export interface GroupEnd {
  /** Undefined where it could not be started, or was killed. */
  readonly exitCode: number | undefined;
  /** Of the operating system, where it could not be started: `ENOENT`. */
  readonly code: string | undefined;
  readonly isLate: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without a shell, without input and with no environment but the one given, in a group of its own,
 * so that what it started ends with it.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function runInGroup(
  [program, ...words]: readonly [string, ...string[]],
  { env, cwd, timeout, signal, longestOutput }: GroupOptions,
): Promise<GroupEnd> {
  const { execa } = await import("execa");
  signal?.throwIfAborted();
  const child = execa(program, words, {
    reject: false,
    extendEnv: false,
    env,
    ...(cwd === undefined ? {} : { cwd }),
    detached: true,
    stdin: "ignore",
    ...(longestOutput === undefined ? { stdout: "ignore", stderr: "ignore" } : { maxBuffer: longestOutput }),
  });
  let isLate = false;
  const end = () => endGroup(child.pid);
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeout);
  signal?.addEventListener("abort", end, { once: true });
  try {
    const { exitCode, code, stdout, stderr } = await child;
    signal?.throwIfAborted();
    return { exitCode, code, isLate, stdout: String(stdout ?? ""), stderr: String(stderr ?? "") };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
