import { deadlineCode, type QueryError } from "../adapters/postgres/snapshot.js";

/** Why the server did not answer for a table, in words that say what to do. */
export function refusal(
  { code, message }: QueryError,
  { schema, name }: { schema: string; name: string },
): string {
  const table = `${schema}.${name}`;
  switch (code) {
    case deadlineCode:
      return `${table}: the audit's time was up; raise --timeout, or --jobs`;
    case "57014":
      return /statement timeout/.test(message)
        ? `${table}: not finished within the statement timeout; raise --statement-timeout`
        : `${table}: the query was cancelled on the server`;
    case "42P01":
    case "42703":
      return `${table}: it, or a column of it, was dropped while the audit ran; run the audit again`;
    case "42501":
      return `${table}: ${message}; GRANT SELECT to the role, or audit as one with BYPASSRLS`;
    case "55P03":
      return `${table}: locked by another session for longer than the lock timeout; try again when the migration is done`;
    case "53100":
    case "53200":
    case "53400":
      return `${table}: the server ran out of resources (${message}); use --jobs 1`;
    case "40001":
    case "40P01":
      return `${table}: cancelled by a conflict on the standby (${message}); try again or audit the primary`;
    default:
      return `${table}: ${message}`;
  }
}
