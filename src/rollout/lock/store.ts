/** Who holds the lock. Each holding has a fencing number of its own, greater than all before. */
export interface LockRecord {
  readonly fence: number;
  /** `user@host` */
  readonly owner: string;
  readonly host: string;
  readonly pid: number;
  /** Tells the process from another that is given its number later. */
  readonly started: string;
  readonly rollout: string;
  /** What it does, for people: `deploy production 2.4.0`. */
  readonly purpose: string;
  /** ISO 8601, by the holder's clock. Nothing is decided by it. */
  readonly takenAt: string;
  /** Heartbeats so far. One that stops is seen by its count, so that no clock has to agree with another. */
  readonly beats: number;
  readonly isReleased: boolean;
}

/** Where the lock is kept. The record of the greatest fencing number is the lock; no other counts. */
export interface LockStore {
  current(): Promise<LockRecord | undefined>;
  /** False where somebody else was faster: it has this fencing number, or a greater one. */
  take(record: LockRecord): Promise<boolean>;
  /** Writes heartbeat or release down. False where the record is the lock no longer. */
  update(record: LockRecord): Promise<boolean>;
  /** Whether its process is known to have ended. False is no proof that it runs. */
  isGone(record: LockRecord): Promise<boolean>;
}
