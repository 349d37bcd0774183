import { errorCode, messageOf } from "../adapters/postgres/failure.js";
import { isConnectionLost } from "./session.js";
import { StopError } from "./stop.js";

/** What a failed attempt means for the next one. */
export type Failure =
  /** The same statement may well succeed. */
  | { readonly kind: "again"; readonly reason: string }
  /** Rows break the unique index; they will the next time. */
  | { readonly kind: "duplicates" }
  /** We ended it: a limit, or the user. */
  | { readonly kind: "stopped"; readonly cause: unknown }
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly code: string | undefined;
      readonly hint: string;
    };

/** Errors that another attempt can be without: a deadlock, a lock that was not had in time. */
const passing: Readonly<Record<string, string>> = {
  "40P01": "a deadlock with another session",
  "40001": "a conflict with another transaction",
  "55P03": "a lock was not to be had in time",
};

/**
 * Judges why an attempt failed.
 *
 * @param stop the signal that ends this work
 */
export function judgeFailure(error: unknown, stop: AbortSignal): Failure {
  if (error instanceof StopError) return { kind: "stopped", cause: error };
  if (stop.aborted) return { kind: "stopped", cause: stop.reason };
  const code = errorCode(error);
  if (code === "23505") return { kind: "duplicates" };
  if (code === "42P07") return { kind: "again", reason: "somebody else took the name" };
  const transient = passing[code ?? ""];
  if (transient) return { kind: "again", reason: transient };
  if (isConnectionLost(error)) return { kind: "again", reason: "the connection was lost" };
  return { kind: "failed", reason: messageOf(error), code, hint: hintFor(code) };
}

function hintFor(code: string | undefined): string {
  switch (code) {
    case "57014":
      return "another session, or the server's administrator, cancelled it: ask there, then start again";
    case "42501":
      return "only the table's owner may index it: use the owner's role, or GRANT it; building also needs TEMPORARY on the database";
    case "ENOSPC":
    case "EACCES":
    case "EROFS":
      return "the journal could not be written: check the state folder";
    case "53100":
      return "the server's disk is full: free space, then start again";
    case "53200":
      return "the server is out of memory: a lower --maintenance-work-mem, or --jobs 1";
    case "42703":
    case "42P01":
    case "3F000":
      return "check schema, table and column: names are compared with their case";
    case "42704":
      return "check operator class, method and collation: an extension may be missing";
    case "25006":
      return "the role or the database is set to default_transaction_read_only: use another role";
    default:
      return "the server's log says more";
  }
}

/** Milliseconds to the next attempt: they grow, and differ, so that two that met do not meet again. */
export function pauseBefore(attempt: number, random = Math.random()): number {
  return Math.min(30_000, 500 * 2 ** (attempt - 1)) * (0.5 + random);
}
