import { userInfo } from "node:os";
import { pause } from "../../adapters/pause.js";
import { UnavailableError } from "../../findings/errors.js";
import type { SharedState } from "../journal/store.js";
import { describeHolder, LostLockError } from "./errors.js";
import { thisProcess } from "./process.js";
import type { LockRecord, LockStore } from "./store.js";

/**
 * How the lock may be had: `take` where it is free; `break` also where its holder is gone or silent; `preempt`
 * in any case, which is for rollbacks alone.
 */
export type LockMode = "take" | "break" | "preempt";

export interface LockRequest {
  readonly mode: LockMode;
  readonly rollout: string;
  /** For people: `deploy production 2.4.0`. */
  readonly purpose: string;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  /** Milliseconds from one heartbeat to the next. */
  readonly beatEvery?: number;
  /** Milliseconds without a heartbeat, by one's own clock, after which a holder counts as silent. */
  readonly staleAfter?: number;
}

/** The lock, held. */
export interface HeldLock {
  /** For each journal entry. */
  readonly fence: number;
  /** Aborted with a LostLockError as soon as somebody else has it, or no heartbeat gets through. */
  readonly lost: AbortSignal;
  /** Gives it back; one that was lost is left alone. */
  release(): Promise<void>;
}

const usualBeat = 2000;
const usualPatience = 15_000;

/** `ana@ops1`: who acts, as journal and lock name them. */
export function currentActor(): string {
  return `${userName()}@${thisProcess().host}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name.
    return String(process.getuid?.() ?? "unknown");
  }
}

/**
 * Takes the lock and writes that down; then keeps it by heartbeats until it is released.
 *
 * @throws UnavailableError where somebody holds it, with who, and what to do.
 */
export async function acquireLock({ journal, locks }: SharedState, request: LockRequest): Promise<HeldLock> {
  const { mode, rollout, purpose, now } = request;
  const before = await locks.current();
  const isHeld = before !== undefined && !before.isReleased;
  if (isHeld) await requireLeave(locks, before, request);
  // Lock files may have been deleted: the journal still knows how far numbers have come.
  const written = (await journal.read()).entries.at(-1)?.fence ?? 0;
  const fence = Math.max(before?.fence ?? 0, written) + 1;
  const record: LockRecord = {
    ...{ fence, owner: currentActor(), ...thisProcess(), rollout, purpose },
    ...{ takenAt: now().toISOString(), beats: 0, isReleased: false },
  };
  if (!(await locks.take(record))) throw await heldBy(locks);
  const held = keep(locks, record, request);
  try {
    await journal.append(
      {
        ...{ rollout, kind: "lock", step: `lock/${isHeld ? mode : "take"}` },
        data: { purpose, ...(isHeld ? { from: before } : {}) },
      },
      record.fence,
    );
  } catch (error) {
    await held.release();
    throw error;
  }
  return held;
}

/** @throws UnavailableError where a lock that is held may not be taken in this way. */
async function requireLeave(locks: LockStore, before: LockRecord, request: LockRequest): Promise<void> {
  const { mode } = request;
  if (mode === "preempt") return;
  if (mode === "break") {
    if ((await locks.isGone(before)) || (await isSilent(locks, before, request))) return;
    throw new UnavailableError(
      `the lock is not stale: ${describeHolder(before)}, and its heartbeat goes on`,
      "wait for it, or stop that process first; tenantctl rollback immediate may go ahead of it",
    );
  }
  if (await locks.isGone(before))
    throw new UnavailableError(
      `a rollout was left in its middle: ${describeHolder(before)}, and that process has ended`,
      "tenantctl rollout status shows how far it came; tenantctl rollout resume --break-lock goes on",
    );
  throw new UnavailableError(
    `another rollout runs: ${describeHolder(before)}`,
    "wait for it (tenantctl rollout status); where that process is gone for good: --break-lock",
  );
}

async function heldBy(locks: LockStore): Promise<UnavailableError> {
  const holder = await locks.current();
  return new UnavailableError(
    `another rollout was faster${holder ? `: ${describeHolder(holder)}` : ""}`,
    "wait for it: tenantctl rollout status",
  );
}

/** Whether no heartbeat comes while one looks on. No clock is compared with another's. */
async function isSilent(locks: LockStore, before: LockRecord, request: LockRequest): Promise<boolean> {
  const { staleAfter = usualPatience, beatEvery = usualBeat, signal } = request;
  const start = performance.now();
  while (performance.now() - start < staleAfter) {
    await pause(Math.min(beatEvery, staleAfter), signal);
    const now = await locks.current();
    if (now?.fence !== before.fence || now.beats !== before.beats) return false;
  }
  return true;
}

function keep(locks: LockStore, record: LockRecord, request: LockRequest): HeldLock {
  const { beatEvery = usualBeat, staleAfter = usualPatience } = request;
  const lost = new AbortController();
  let beats = 0;
  let lastBeat = performance.now();
  let beating: Promise<void> | undefined;
  const lose = async () => {
    clearInterval(timer);
    lost.abort(new LostLockError(record.fence, await locks.current().catch(() => undefined)));
  };
  const beat = async () => {
    try {
      beats += 1;
      if (!(await locks.update({ ...record, beats }))) await lose();
      else lastBeat = performance.now();
    } catch {
      // A store that can't be reached for as long as others have patience: they may take the lock.
      if (performance.now() - lastBeat > staleAfter) await lose();
    }
  };
  const timer = setInterval(() => {
    beating ??= beat().finally(() => {
      beating = undefined;
    });
  }, beatEvery);
  // A heartbeat is no reason to live on.
  timer.unref();
  return {
    fence: record.fence,
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      await beating;
      if (!lost.signal.aborted) await locks.update({ ...record, beats, isReleased: true });
    },
  };
}
