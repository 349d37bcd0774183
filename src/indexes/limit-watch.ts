import { pause } from "../adapters/pause.js";
import type { Session } from "../adapters/postgres/connect.js";
import { size } from "../findings/numbers.js";
import type { Estimate } from "./estimate.js";
import { brokenLimit, type Limits, type Reading, readReplicas } from "./limits.js";
import type { WorkSession } from "./session.js";
import { StopError } from "./stop.js";

const gateInterval = 1000;

/** Looks at the limits of a run while it builds, and ends it where one is broken. */
export class LimitWatch {
  private readonly readings: Reading[] = [];
  private readonly taken = new Map<string, number>();
  private readonly controller = new AbortController();
  private building = 0;

  /** @param freeDisk reads the free bytes of the server's disk, where that is possible */
  constructor(
    private readonly limits: Limits,
    private readonly freeDisk: (() => number) | undefined,
  ) {}

  /** Aborted with a StopError where a limit is broken. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  private get isIdle(): boolean {
    const { maxWal, minFreeDisk, maxLag } = this.limits;
    return maxWal === undefined && minFreeDisk === undefined && maxLag === undefined;
  }

  /** One look, between those at the builds. */
  readonly beat = async ({ session }: WorkSession): Promise<void> => {
    if (this.isIdle) return;
    const broken = await this.read(session);
    if (broken && this.building > 0) this.controller.abort(broken);
  };

  /** What an index takes so far. */
  take(name: string, bytes: number): void {
    this.taken.set(name, bytes);
  }

  /** It is gone again. */
  giveBack(name: string): void {
    this.taken.delete(name);
  }

  /**
   * Lets a build begin: waits for replicas that are behind.
   *
   * @throws StopError where its estimate does not fit the disk, or a limit is broken already.
   */
  async enter(
    session: Session,
    estimate: Estimate,
    signal: AbortSignal,
    onWait: (what: string) => void,
  ): Promise<void> {
    for (;;) {
      const broken = this.isIdle ? undefined : await this.read(session);
      if (!broken) break;
      if (broken.kind !== "lag") throw broken;
      onWait(broken.message);
      await pause(gateInterval, signal);
    }
    this.requireRoom(estimate);
    this.building += 1;
  }

  leave(): void {
    this.building -= 1;
  }

  private requireRoom({ diskBytes }: Estimate): void {
    const { minFreeDisk } = this.limits;
    const free = this.free();
    if (minFreeDisk === undefined || free === undefined || free - diskBytes >= minFreeDisk) return;
    throw new StopError(
      "disk",
      `the build needs about ${size(diskBytes)} of disk; ${size(free)} are free, and ${size(minFreeDisk)} are to stay so (--min-free-disk)`,
      "free space or enlarge the disk, or lower --min-free-disk",
    );
  }

  private async read(session: Session): Promise<StopError | undefined> {
    const { wal, replicas } = await readReplicas(session);
    this.readings.push({ time: performance.now() / 1000, wal, replicas, freeDisk: this.free() });
    return brokenLimit(this.limits, this.readings);
  }

  private free(): number | undefined {
    if (this.freeDisk) return this.freeDisk();
    if (this.limits.freeDisk === undefined) return undefined;
    return this.limits.freeDisk - [...this.taken.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
}
