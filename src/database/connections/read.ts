import { QueryError, type Snapshot } from "../../adapters/postgres/snapshot.js";
import { fillSql, readSql } from "../../adapters/sql-file.js";
import type { ConnectionLimit } from "../../findings/connections.js";
import type { Audited } from "../audited.js";
import { labelOf, tenantParts } from "../distribution/statements.js";

export interface SessionRow {
  pid: number;
  role: string;
  application: string;
  state: string | null;
  text: string | null;
  backend_seconds: number | null;
  transaction_seconds: number | null;
  statement_seconds: number | null;
  state_seconds: number | null;
  wait_type: string | null;
  wait_name: string | null;
  blocked_by: number[];
}

interface LimitRow {
  kind: ConnectionLimit["kind"];
  name: string;
  used: number;
  most: number;
  reserved: number;
}

export async function readSessions(snapshot: Snapshot): Promise<SessionRow[]> {
  return snapshot.query<SessionRow & Record<string, unknown>>(readSql("database/sessions"));
}

/** The limits that there are: a database or role without its own is left out. */
export async function readLimits(snapshot: Snapshot): Promise<ConnectionLimit[]> {
  const rows = await snapshot.query<LimitRow & Record<string, unknown>>(
    readSql("database/connection-limits"),
  );
  return rows
    .filter(({ most }) => most >= 0)
    .map(({ kind, name, used, most, reserved }) => ({ kind, name, used, limit: most - reserved, reserved }));
}

/** The tenants that connections name, by their key and by what they are called; none where they can't be read. */
export async function readTenantNames(
  snapshot: Snapshot,
  audited: Audited,
  said: readonly string[],
): Promise<Map<string, { readonly tenant: string; readonly name: string | null }>> {
  const { tenants, tenantKey } = audited;
  if (!tenants || !tenantKey || said.length === 0) return new Map();
  const { from, key } = tenantParts(audited);
  const sql = fillSql(readSql("database/tenant-names"), {
    fragments: { tenants: from, key: key.sql, label: labelOf(audited) },
  });
  try {
    const rows = await snapshot.query<{ tenant: string; name: string | null }>(sql, [said]);
    const byName = rows.flatMap((row) => (row.name === null ? [] : [[row.name, row] as const]));
    return new Map([...byName, ...rows.map((row) => [row.tenant, row] as const)]);
  } catch (error) {
    if (error instanceof QueryError) return new Map();
    throw error;
  }
}
