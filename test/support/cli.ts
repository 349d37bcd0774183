import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Report } from "../../src/findings/report.js";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const binary = fileURLToPath(new URL("../../bin/tenantctl.js", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Sent when the predicate on stderr and stdout so far holds. */
  readonly killWhen?: { readonly signal: NodeJS.Signals; readonly ready: () => Promise<boolean> };
}

/** Runs the real executable and waits for its end. */
export function tenantctl(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (stderr += chunk));
  const { killWhen } = options;
  if (killWhen) {
    void (async () => {
      while (child.exitCode === null && !(await killWhen.ready()))
        await new Promise((done) => setTimeout(done, 50));
      child.kill(killWhen.signal);
    })();
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs a command with --json and parses its one document. */
export async function tenantctlJson(args: readonly string[], options?: CliOptions) {
  const result = await tenantctl([...args, "--json"], options);
  return { ...result, report: JSON.parse(result.stdout) as Report };
}
