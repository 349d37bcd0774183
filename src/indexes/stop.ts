/** Why work is ended before it is done, by ourselves. */
export class StopError extends Error {
  constructor(
    readonly kind: "deadline" | "disk" | "wal" | "lag" | "blocked",
    message: string,
    /** The next thing to do. */
    readonly hint: string,
  ) {
    super(message);
    this.name = "StopError";
  }
}
