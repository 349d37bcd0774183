import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { root } from "./cli.js";

/** Where a child finds the state: a folder, or a PostgreSQL URL. */
export type ChildPlace = { readonly folder: string } | { readonly url: string };

export interface LockChild {
  readonly process: ChildProcess;
  /** `held 3`, or `refused: …`. */
  readonly said: string;
  /** Lets it try to write one more entry; what came of it. */
  write(): Promise<string>;
  /** Lets it write without end, until it is killed; how many entries it was sure of then. */
  writeUntilKilled(milliseconds: number): Promise<number>;
}

/** A real process that takes the lock from the built package, holds it, and writes when it is told. */
export async function startLockChild(place: ChildPlace, name: string, mode = "take"): Promise<LockChild> {
  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", program, JSON.stringify({ place, name, mode })],
    {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const line = async () => String((await once(child.stdout!.setEncoding("utf8"), "data"))[0]).trim();
  const said = await line();
  return {
    process: child,
    said,
    write: () => {
      const answer = line();
      child.stdin!.write("write\n");
      return answer;
    },
    writeUntilKilled: async (milliseconds) => {
      let sure = 0;
      child.stdout!.on("data", (text: string) => {
        sure += text.split("\n").filter((each) => each.startsWith("wrote")).length;
      });
      child.stdin!.write("forever\n");
      await sleep(milliseconds);
      child.kill("SIGKILL");
      await once(child, "close");
      return sure;
    },
  };
}

const program = `
const { place, name, mode } = JSON.parse(process.argv[1]);
const { openFileState, openPostgresState, acquireLock } = await import("./dist/rollout/index.js");
const writer = { actor: name, now: () => new Date(), clean: (value) => value };
const state = place.url
  ? openPostgresState({ url: place.url, name: "app", onCreate: () => {} }, writer)
  : openFileState(place.folder, writer);
const request = { mode, rollout: name, purpose: "test of " + name, now: writer.now, beatEvery: 50, staleAfter: 900 };
const say = (text) => process.stdout.write(text + "\\n");
const lock = await acquireLock(state, request).catch((error) => say("refused: " + error.message));
if (lock) say("held " + lock.fence);
const write = () =>
  state.journal.append({ rollout: name, kind: "note", step: "test/write" }, lock.fence)
    .then(({ sequence }) => say("wrote " + sequence), (error) => say(error.constructor.name));
process.stdin.setEncoding("utf8").on("data", async (text) => {
  do await write();
  while (text.startsWith("forever"));
});
`;
