import type { Snapshot } from "../../adapters/postgres/snapshot.js";
import { quoteIdentifier } from "../../adapters/sql-file.js";
import type { CheckOutcome, Obstacle } from "../../findings/check.js";
import type { ConnectionsReading, Session, TenantConnections } from "../../findings/connections.js";
import type { Application } from "../application.js";
import { readAudited } from "../audit.js";
import { withoutComments } from "../slow-queries/statements.js";
import { type Attribution, attribute, hasPoolerSuffix } from "./attribution.js";
import { idleInTransaction, isIdleInTransaction, nearLimit, type Thresholds } from "./findings.js";
import { attributedBy } from "./how-to.js";
import { readLimits, readSessions, readTenantNames, type SessionRow } from "./read.js";

/** The check, before it has run. */
export const connectionsCheck = { id: "connections", title: "Connections" } as const;

export interface ConnectionOptions extends Thresholds {
  /** For application names, with a group `tenant`; undefined for the usual ones. */
  readonly attribution: string | undefined;
}

const ownApplication = "tenantctl";
/** Of track_activity_query_size, in bytes: the server cuts one byte before it. */
const usualCut = 1023;

/**
 * Who is connected: by tenant as far as connections say so, by state, and how close it is to the limits.
 *
 * @throws UsageError where config's pattern takes too long; UnavailableError where the database has none of the
 *   schema's tables.
 */
export async function auditConnections(
  snapshot: Snapshot,
  application: Application,
  options: ConnectionOptions,
): Promise<CheckOutcome> {
  const audited = await readAudited(snapshot, application);
  const { database, version, role } = audited.catalog.server;
  const start = performance.now();
  const all = await readSessions(snapshot);
  const limits = await readLimits(snapshot);
  const rows = all.filter((row) => row.application !== ownApplication);
  const said = attribute(rows, application.context.tenancy, options.attribution);
  const names = await readTenantNames(snapshot, audited, [
    ...new Set(said.flatMap((each) => each?.tenant ?? [])),
  ]);
  const durationMs = performance.now() - start;
  const sessions = rows
    .map((row, index) => {
      const found = said[index];
      const known = found && names.get(found.tenant);
      const owner = found
        ? { tenant: known?.tenant ?? found.tenant, name: known?.name ?? null, by: found.by }
        : null;
      return toSession(row, owner);
    })
    .sort(byUrgency);
  const attributed = said.filter((each) => each !== undefined).length;
  const notVisible = rows.filter(({ state }) => state === null).length;
  const reading: ConnectionsReading = {
    role,
    totals: {
      connections: rows.length,
      attributed,
      notAttributed: rows.length - attributed,
      notVisible,
      own: all.length - rows.length,
    },
    states: countStates(rows),
    tenants: byTenant(sessions),
    limits,
    sessions,
    hasPooler: rows.some((row) => hasPoolerSuffix(row.application)),
    cut: rows.filter(({ text }) => Buffer.byteLength(text ?? "") >= usualCut).length,
    attributedBy: attributed < rows.length ? attributedBy : [],
  };
  return {
    ...connectionsCheck,
    drafts: [...idleInTransaction(sessions, options), ...nearLimit(limits, options)],
    obstacle: obstacleOf(notVisible, role),
    durationMs,
    facts: { database, server: version, ...reading },
  };
}

function toSession(row: SessionRow, owner: (Attribution & { name: string | null }) | null): Session {
  return {
    pid: row.pid,
    role: row.role,
    application: row.application,
    owner,
    state: row.state,
    backendSeconds: rounded(row.backend_seconds),
    transactionSeconds: rounded(row.transaction_seconds),
    statementSeconds: rounded(row.statement_seconds),
    stateSeconds: rounded(row.state_seconds),
    // An idle connection waits for its client: that is its state already.
    waitsFor:
      row.wait_type === null || row.wait_type === "Client" ? null : `${row.wait_type}: ${row.wait_name}`,
    blockedBy: [...new Set(row.blocked_by)],
    query: row.state === null ? "" : withoutComments(row.text ?? ""),
  };
}

/** Longest idle in a transaction first, then the longest transactions, then the rest by age. */
function byUrgency(left: Session, right: Session): number {
  const idle = (each: Session) => (isIdleInTransaction(each) ? (each.stateSeconds ?? 0) : -1);
  return (
    idle(right) - idle(left) ||
    (right.transactionSeconds ?? -1) - (left.transactionSeconds ?? -1) ||
    (right.backendSeconds ?? -1) - (left.backendSeconds ?? -1) ||
    left.pid - right.pid
  );
}

function byTenant(sessions: readonly Session[]): TenantConnections[] {
  const groups = new Map<string | null, Session[]>();
  for (const session of sessions) {
    const key = session.owner?.tenant ?? null;
    groups.set(key, [...(groups.get(key) ?? []), session]);
  }
  return [...groups]
    .map(([tenant, theirs]) => {
      const number = (is: (session: Session) => boolean) => theirs.filter(is).length;
      const ages = theirs.flatMap(({ transactionSeconds }) => transactionSeconds ?? []);
      return {
        tenant,
        name: theirs[0]!.owner?.name ?? null,
        connections: theirs.length,
        active: number(({ state }) => state === "active"),
        idleInTransaction: number(isIdleInTransaction),
        idle: number(({ state }) => state === "idle"),
        waiting: number(({ blockedBy }) => blockedBy.length > 0),
        longestTransaction: ages.length ? Math.max(...ages) : null,
      };
    })
    .sort(
      (left, right) =>
        Number(left.tenant === null) - Number(right.tenant === null) ||
        right.connections - left.connections ||
        ((left.tenant ?? "") < (right.tenant ?? "") ? -1 : 1),
    );
}

function countStates(rows: readonly SessionRow[]): Record<string, number> {
  const states: Record<string, number> = {};
  for (const { state } of rows) {
    const name = state ?? "not visible";
    states[name] = (states[name] ?? 0) + 1;
  }
  return states;
}

function obstacleOf(notVisible: number, role: string): Obstacle | undefined {
  if (notVisible === 0) return undefined;
  const connections = notVisible === 1 ? "one connection" : `${notVisible} connections`;
  const reason = `what ${connections} of other roles do is hidden from ${role}: GRANT pg_read_all_stats TO ${quoteIdentifier(role)};`;
  return { status: "inconclusive", reason };
}

function rounded(seconds: number | null): number | null {
  return seconds === null ? null : Math.max(0, Math.round(seconds * 10) / 10);
}
