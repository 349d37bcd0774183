import { type Blocker, type BuildLook, type BuildProgress, progressOf } from "./progress.js";

/** A phase of a build, and how long it took. */
export interface PhaseTime {
  readonly phase: string;
  readonly durationMs: number;
}

/** How the work on one index went, from looks at it: phases, and who was waited for. */
export class Course {
  private readonly times = new Map<string, number>();
  private readonly waits = new Map<string, Blocker>();
  private first: { readonly look: BuildLook; readonly at: number } | undefined;
  private last: { readonly phase: string; readonly at: number } | undefined;

  /** @returns what a person wants to know of it now */
  see(look: BuildLook, now: number): BuildProgress {
    if (this.first?.look.phase !== look.phase) this.first = { look, at: now };
    const progress = progressOf(look, this.first.look, (now - this.first.at) / 1000);
    this.enter(progress.phase, now);
    this.wait(look.blockers);
    return progress;
  }

  /** A phase of ours begins, such as the wait for our own lock. */
  enter(phase: string, now: number): void {
    this.count(now);
    this.last = { phase, at: now };
  }

  wait(blockers: readonly Blocker[]): void {
    for (const blocker of blockers) this.waits.set(`${blocker.pid} ${blocker.query}`, blocker);
  }

  leave(now: number): void {
    this.count(now);
    this.last = undefined;
  }

  get phases(): PhaseTime[] {
    return [...this.times].map(([phase, durationMs]) => ({ phase, durationMs: Math.round(durationMs) }));
  }

  get waitedFor(): Blocker[] {
    return [...this.waits.values()];
  }

  private count(now: number): void {
    if (!this.last) return;
    this.times.set(this.last.phase, (this.times.get(this.last.phase) ?? 0) + now - this.last.at);
  }
}
