import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { acquireLock, type LockMode, type SharedState } from "../../src/rollout/index.js";
import { type ChildPlace, startLockChild } from "./lock-child.js";

/** What holds of the lock wherever it is kept. */
export interface LockPlace {
  readonly place: ChildPlace;
  /** This process's own view of it. */
  open(): SharedState;
}

const quick = { beatEvery: 50, staleAfter: 900 };

function acquire(state: SharedState, mode: LockMode, now = () => new Date()) {
  return acquireLock(state, { mode, rollout: "here", purpose: "rollout here", now, ...quick });
}

const lockSteps = async ({ journal }: SharedState) =>
  (await journal.read()).entries.filter(({ kind }) => kind === "lock").map(({ step }) => step);

/** The same tests for each kind of store: the lock between real processes. */
export function describeLock(make: () => Promise<LockPlace>): void {
  test("of two processes at once one gets the lock, the other hears who has it", async () => {
    const { place } = await make();
    const children = await Promise.all([startLockChild(place, "ana"), startLockChild(place, "ben")]);
    const said = children.map((child) => child.said).sort();
    expect(said[0]).toMatch(/^held \d+$/);
    expect(said[1]).toMatch(
      /^refused: another rollout (runs|was faster): \S+@\S+ \(pid \d+\): test of (ana|ben)/,
    );
  });

  test("the lock of a killed process is left over: it is broken only where that is said", async () => {
    const { place, open } = await make();
    const child = await startLockChild(place, "ana");
    expect(await child.write()).toMatch(/^wrote /);
    child.process.kill("SIGKILL");
    await once(child.process, "exit");
    const state = open();
    // A server needs a moment to notice that a session has ended.
    await expect
      .poll(() => acquire(state, "take").catch((error: Error) => error.message))
      .toMatch(/was left in its middle: .*that process has ended/);
    const held = await acquire(state, "break");
    expect(held.fence).toBe(2);
    expect(await lockSteps(state)).toEqual(["lock/take", "lock/break"]);
    const { entries } = await state.journal.read();
    expect(entries.at(-1)!.data).toMatchObject({ from: { fence: 1, purpose: "test of ana" } });
    await held.release();
    expect((await acquire(state, "take")).fence).toBe(3);
  });

  test("of a writer that is killed at any moment, what it was sure of is there", async () => {
    const { place, open } = await make();
    const state = open();
    let sure = 0;
    for (const milliseconds of [120, 137, 171]) {
      const child = await startLockChild(place, `after ${milliseconds}`, "break");
      sure += await child.writeUntilKilled(milliseconds);
      const { entries, change } = await state.journal.read();
      expect(change).toBeUndefined();
      const notes = entries.filter(({ kind }) => kind === "note").length;
      expect(notes).toBeGreaterThanOrEqual(sure);
      // The last one may have been written and not yet told.
      expect(notes).toBeLessThanOrEqual(sure + 1);
      sure = notes;
    }
    expect(sure).toBeGreaterThan(3);
  });

  test("a lock whose heartbeat goes on is not broken; a silent holder's is, and it can't write again", async () => {
    const { place, open } = await make();
    const child = await startLockChild(place, "ana");
    const state = open();
    await expect(acquire(state, "take")).rejects.toThrow(/another rollout runs: /);
    await expect(acquire(state, "break")).rejects.toThrow(/not stale: .* its heartbeat goes on/);
    child.process.kill("SIGSTOP");
    const held = await acquire(state, "break");
    child.process.kill("SIGCONT");
    expect(await child.write()).toBe("LostLockError");
    await state.journal.append({ rollout: "here", kind: "note", step: "test/mine" }, held.fence);
    const { entries, change } = await state.journal.read();
    expect(change).toBeUndefined();
    expect(entries.map(({ rollout }) => rollout)).toEqual(["ana", "here", "here"]);
  });

  test("a rollback goes ahead of a holder that is alive, and that one hears of it", async () => {
    const { open } = await make();
    const [one, other] = [open(), open()];
    const first = await acquire(one, "take");
    const second = await acquire(other, "preempt");
    expect(second.fence).toBe(first.fence + 1);
    await expect.poll(() => first.lost.aborted).toBe(true);
    expect(String(first.lost.reason)).toMatch(/was taken by .*rollout here/);
    expect(await lockSteps(other)).toEqual(["lock/take", "lock/preempt"]);
    // Giving back what was lost must not free what the other holds.
    await first.release();
    expect(await other.locks.current()).toMatchObject({ fence: second.fence, isReleased: false });
    expect(second.lost.aborted).toBe(false);
  });

  test("a clock that jumps by a year makes no lock stale and no lock fresh", async () => {
    const { place, open } = await make();
    const child = await startLockChild(place, "ana");
    const state = open();
    for (const at of ["2025-01-01T00:00:00Z", "2030-01-01T00:00:00Z"])
      await expect(acquire(state, "break", () => new Date(at))).rejects.toThrow(/not stale/);
    child.process.kill("SIGSTOP");
    await expect(acquire(state, "break", () => new Date("2025-01-01T00:00:00Z"))).resolves.toMatchObject({
      fence: 2,
    });
  });

  test("heartbeats are counted as long as it is held, and not after", async () => {
    const { open } = await make();
    const state = open();
    const held = await acquire(state, "take");
    await expect.poll(async () => (await state.locks.current())!.beats).toBeGreaterThan(2);
    await held.release();
    const { beats } = (await state.locks.current())!;
    await sleep(150);
    expect(await state.locks.current()).toMatchObject({ beats, isReleased: true });
  });
}
