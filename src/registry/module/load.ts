import { fileURLToPath } from "node:url";
import { UsageError } from "../../findings/errors.js";
import type { ChildAnswer } from "./child.js";

const childPath = fileURLToPath(new URL("./child.js", import.meta.url));

/**
 * Loads a registry module in a child process: no environment variable of ours reaches it, its output goes
 * nowhere, and it is killed at the deadline.
 *
 * @param deadline in milliseconds
 * @returns each list by the name that exports it
 * @throws UsageError where the module throws, hangs, or exports something else than lists.
 */
export async function loadRegistryLists(
  path: string,
  shown: string,
  deadline = 10_000,
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { execa } = await import("execa");
  const child = execa(process.execPath, [childPath, path], {
    ipc: true,
    env: {},
    extendEnv: false,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    timeout: deadline,
    reject: false,
    killSignal: "SIGKILL",
  });
  const answer = (await child.getOneMessage().catch(() => undefined)) as ChildAnswer | undefined;
  const result = await child;
  if (answer && "lists" in answer) return new Map(answer.lists);
  const reason = result.timedOut
    ? `it did not finish loading in ${deadline / 1000} s`
    : answer
      ? `it throws: ${answer.error}`
      : "it ended the process that loaded it";
  throw new UsageError(
    `can't load the registry module ${shown}: ${reason}`,
    "keep it free of side effects: four exported arrays of model names, importing nothing that connects or reads the environment",
  );
}
