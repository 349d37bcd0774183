/** A process as `pm2 jlist` tells it; not its environment, which may hold secrets. */
export interface Pm2Process {
  readonly name: string;
  /** Undefined where it does not run. */
  readonly pid: number | undefined;
  /** `online`, `stopped`, `errored`, `launching`… */
  readonly status: string;
  readonly restarts: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** What it was started from. */
  readonly script: string;
}

/** The words that restart a process, with the environment of now. */
export function restartCommand(pm2: readonly [string, ...string[]], process: string): [string, ...string[]] {
  return [...pm2, "restart", process, "--update-env"];
}

/** The words that print all processes as JSON. They start pm2's daemon where there is none. */
export function listCommand(pm2: readonly [string, ...string[]]): [string, ...string[]] {
  return [...pm2, "jlist"];
}

/**
 * The processes in what `pm2 jlist` printed; notices may stand before the list.
 *
 * @returns undefined where there is no list in it
 */
export function parseProcesses(output: string): Pm2Process[] | undefined {
  const line = output.split("\n").findLast((each) => each.startsWith("[{") || each.trim() === "[]");
  if (line === undefined) return undefined;
  const list = JSON.parse(line) as { name: string; pid?: number; pm2_env?: Record<string, unknown> }[];
  return list.map(({ name, pid, pm2_env: state = {} }) => ({
    name,
    pid: pid || undefined,
    status: String(state.status ?? "unknown"),
    restarts: Number(state.restart_time ?? 0),
    startedAt: Number(state.pm_uptime ?? 0),
    script: String(state.pm_exec_path ?? ""),
  }));
}
