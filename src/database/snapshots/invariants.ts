import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import type { InvariantReading } from "../../findings/snapshot.js";
import { hashedAnswer } from "./bare.js";
import { textSettings } from "./checksum.js";

/** A question whose answer must not change, or must have no rows: config's `database.invariants`. */
export interface Invariant {
  readonly name: string;
  readonly sql: string;
  readonly expect: "unchanged" | "no rows";
}

/** Rows of an answer that are kept; more would be no invariant but a table. */
const mostRows = 10_000;

/**
 * Asks them all in the snapshot's moment. They can only read: the transaction is read only, and each is one
 * statement, so that none can end it.
 */
export async function readInvariants(
  snapshot: Snapshot,
  invariants: readonly Invariant[],
  defaultSchema: string,
  isBare: boolean,
): Promise<{ readings: InvariantReading[]; unseen: string[] }> {
  const unseen: string[] = [];
  const read = async ({ name, sql }: Invariant): Promise<InvariantReading[]> => {
    try {
      const rows = await snapshot.query<{ row: string }>(statement(sql), [mostRows + 1], {
        ...textSettings,
        search_path: defaultSchema,
      });
      if (rows.length > mostRows) {
        unseen.push(`invariant ${name}: it returns more than ${mostRows} rows; group or count them`);
        return [];
      }
      return [{ name, rows: rows.map(({ row }) => (isBare ? hashedAnswer(row) : row)).sort() }];
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      unseen.push(`invariant ${name}: ${error.message}`);
      return [];
    }
  };
  const readings = await Promise.all(invariants.map(read));
  return { readings: readings.flat(), unseen };
}

/** With a value the server takes one statement only. */
function statement(sql: string): string {
  const bare = sql.trim().replace(/;\s*$/, "");
  return `select pg_catalog.to_jsonb(q)::text as row from (${bare}\n) as q limit $1::int8`;
}
