import { exitCodes } from "./exit-codes.js";

/**
 * The closed set of errors that end a command. `run.ts` alone maps them to exit codes; anything else that
 * reaches it is a bug in tenantctl. `hint` is the next thing to do, a command where there is one.
 */
export abstract class CommandError extends Error {
  abstract readonly exitCode: number;
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** Wrong usage or wrong config: exit 64. */
export class UsageError extends CommandError {
  readonly exitCode = exitCodes.usage;
}

/** It could not be done (no connection, tool missing, time out, refused): exit 2. */
export class UnavailableError extends CommandError {
  readonly exitCode = exitCodes.error;
}

/** Nothing can be said for want of evidence: exit 3. */
export class InconclusiveError extends CommandError {
  readonly exitCode = exitCodes.inconclusive;
}

/** The user, or the system, asked it to stop: exit 130. The message says what was undone or left. */
export class InterruptedError extends CommandError {
  readonly exitCode = exitCodes.interrupted;
}
