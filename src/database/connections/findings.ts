import type { ConnectionLimit, Session } from "../../findings/connections.js";
import type { FindingDraft } from "../../findings/finding.js";
import { grouped } from "../../findings/numbers.js";

/** From when on connections are worth a finding. */
export interface Thresholds {
  /** Seconds that a connection may do nothing in its transaction. */
  readonly idleSeconds: number;
  /** Percent of a limit that may be used. */
  readonly nearPercent: number;
}

/** `db/idle-in-transaction`, one a role. */
export function idleInTransaction(sessions: readonly Session[], { idleSeconds }: Thresholds): FindingDraft[] {
  const idle = sessions.filter(
    (each) => isIdleInTransaction(each) && (each.stateSeconds ?? 0) >= idleSeconds,
  );
  return [...new Set(idle.map(({ role }) => role))].map((role) => {
    const theirs = idle.filter((each) => each.role === role);
    const longest = theirs.reduce((most, each) =>
      (each.stateSeconds ?? 0) > (most.stateSeconds ?? 0) ? each : most,
    );
    const pids = theirs.map(({ pid }) => pid);
    const blocked = sessions.filter(({ blockedBy }) => blockedBy.some((pid) => pids.includes(pid)));
    const seconds = Math.round(longest.stateSeconds ?? 0);
    const waiting = blocked.length === 1 ? "another one waits" : `${blocked.length} others wait`;
    const blocks = blocked.length ? `; ${waiting} for what they hold` : "";
    return {
      rule: "db/idle-in-transaction",
      subject: { role },
      message: `${theirs.length === 1 ? "one connection" : `${theirs.length} connections`} of role ${role} ${theirs.length === 1 ? "is" : "are"} idle in a transaction, the longest (pid ${longest.pid}) for ${grouped(seconds)} s${blocks}`,
      remedy:
        "end the transaction before waiting for anything else (another service, a person), and let the server end what is forgotten; pg_terminate_backend ends one now and rolls it back",
      remedySteps: [
        ...pids.map((pid) => `SELECT pg_terminate_backend(${pid});`),
        `ALTER ROLE "${role.replaceAll('"', '""')}" SET idle_in_transaction_session_timeout = '60s';`,
      ],
      evidence: { pids, longestSeconds: seconds, blocked: blocked.map(({ pid }) => pid) },
    };
  });
}

export function isIdleInTransaction({ state }: Pick<Session, "state">): boolean {
  return state?.startsWith("idle in transaction") === true;
}

/** `db/connections-near-limit`, one a limit. */
export function nearLimit(limits: readonly ConnectionLimit[], { nearPercent }: Thresholds): FindingDraft[] {
  return limits
    .filter(({ used, limit }) => used * 100 >= limit * nearPercent)
    .map(({ kind, name, used, limit, reserved }) => {
      const percent = limit > 0 ? `${Math.round((used / limit) * 100)} %` : "all";
      const quoted = `"${name.replaceAll('"', '""')}"`;
      return {
        rule: "db/connections-near-limit" as const,
        // The database's own name is no part of a finding's identity.
        subject: kind === "role" ? { role: name } : { limit: kind },
        message: `${limitName({ kind, name })}: ${grouped(used)} of ${grouped(limit)} connections are used (${percent}${reserved ? `; ${reserved} more are reserved` : ""})`,
        remedy:
          "first make pools smaller, or put a pooler in transaction mode in front: a connection costs memory whether it works or not; then raise the limit",
        remedySteps:
          kind === "server"
            ? [
                `ALTER SYSTEM SET max_connections = ${2 * (limit + reserved)};`,
                "systemctl restart postgresql",
              ]
            : [
                `ALTER ${kind === "role" ? "ROLE" : "DATABASE"} ${quoted} CONNECTION LIMIT ${Math.max(1, 2 * limit)};`,
              ],
        evidence: { used, limit, reserved },
      };
    });
}

/** `the server`, `database divanco`, `role app` */
export function limitName({ kind, name }: Pick<ConnectionLimit, "kind" | "name">): string {
  return kind === "server" ? "the server" : `${kind} ${name}`;
}
