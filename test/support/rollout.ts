import type { SharedState, Writer } from "../../src/rollout/journal/store.js";
import type { Entry, EntryDraft, Release } from "../../src/rollout/types.js";

/** A release whose digest is made of one digit. */
export function release(version: string, digit: string): Release {
  return { version, digest: `sha256:${digit.repeat(64)}` };
}

/** A writer whose clock stands, until it is set. */
export function writer(at = "2026-11-24T10:00:00.000Z"): Writer & { set(at: string): void } {
  let now = at;
  return {
    actor: "ana@ops1",
    now: () => new Date(now),
    clean: (value) => value,
    set: (next) => {
      now = next;
    },
  };
}

export function note(text: string): EntryDraft {
  return { rollout: "one", kind: "note", step: "test/note", data: { text } };
}

/** The lock under a fencing number, without heartbeats. */
export async function takeFence({ locks }: SharedState, fence: number, owner = "ana@ops1"): Promise<boolean> {
  return locks.take({
    ...{ fence, owner, host: "elsewhere", pid: 1, started: "unknown", rollout: "one", purpose: "test" },
    ...{ takenAt: "2026-11-24T10:00:00.000Z", beats: 0, isReleased: false },
  });
}

/** Entries as a store would keep them, a second apart, under one fencing number. */
export function entriesOf(drafts: readonly EntryDraft[]): Entry[] {
  return drafts.map((draft, index) => ({
    ...draft,
    ...{ sequence: index + 1, actor: "ana@ops1", fence: 1 },
    at: new Date(Date.parse("2026-11-24T10:00:00Z") + index * 1000).toISOString(),
  }));
}
