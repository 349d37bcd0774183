/** Ways to measure, all ending in a ratio of two medians from one run. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/prepare.mjs";

export const tenantctl = join(root, "bin", "tenantctl.js");

export function median(numbers) {
  const sorted = [...numbers].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs both in turn, once unmeasured to warm caches, and returns the medians in milliseconds. */
export async function alternate(rounds, ours, peer) {
  await ours();
  await peer();
  const [left, right] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    left.push(await ours());
    right.push(await peer());
  }
  return { ours: median(left), peer: median(right) };
}

/** Runs a Node program; its wall time in milliseconds, its peak memory in MB (Linux), its stdout. */
export function runNode(args, options = {}) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  let peak = 0;
  const watch = options.watchMemory && setInterval(() => (peak = Math.max(peak, peakMemory(child.pid))), 10);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(watch);
      resolve({ code, ms: performance.now() - start, megabytes: peak, stdout, stderr });
    });
  });
}

function peakMemory(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Runs one check and returns the time that its own SQL took, in milliseconds, with the whole report. */
export async function check(args, folder, url) {
  const result = await runNode([tenantctl, ...args, "--json"], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: url },
    watchMemory: true,
  });
  const report = JSON.parse(result.stdout);
  if (report.error) throw new Error(report.error.message);
  return { ...result, report, ownMs: report.checks.at(-1).durationMs };
}
