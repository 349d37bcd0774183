import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./cli.js";

/** Starts tenantctl, waits until `isTime`, and kills it as nothing can be told of. */
export async function killed(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  isTime: () => boolean,
): Promise<void> {
  const child = spawn(process.execPath, [join(root, "bin/tenantctl.js"), ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: "ignore",
  });
  const exit = once(child, "exit");
  while (!isTime()) {
    if (child.exitCode !== null) throw new Error(`it ended by itself, with ${child.exitCode}`);
    await sleep(5);
  }
  child.kill("SIGKILL");
  await exit;
}
