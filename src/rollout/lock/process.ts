import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { LockRecord } from "./store.js";

/** This process, as a lock names it. */
export function thisProcess(): Pick<LockRecord, "host" | "pid" | "started"> {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid) ?? "unknown" };
}

/** Whether a process of this host has ended. Of another host nobody here can say. */
export function hasEnded({ host, pid, started }: LockRecord): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return true;
  }
  const now = startOf(pid);
  return now !== undefined && started !== "unknown" && now !== started;
}

/** Boot and tick at which a process started, where the system tells (Linux); a zombie has ended. */
function startOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name stands in parentheses and may hold anything; state is field 3, start time field 22.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return "ended";
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}
