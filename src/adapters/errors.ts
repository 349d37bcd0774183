/** The outside world refused: a tool is missing, a server does not answer. `run.ts` maps it to exit 2. */
export class AdapterError extends Error {
  constructor(
    message: string,
    /** The next thing to do, a command where there is one. */
    readonly hint: string,
    /** SQLSTATE, errno or the like, where there is one. */
    readonly code?: string,
  ) {
    super(message);
    this.name = "AdapterError";
  }
}
