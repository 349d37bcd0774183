import type {
  ConnectionLimit,
  ConnectionsReading,
  Session,
  TenantConnections,
} from "../findings/connections.js";
import type { ActivityTable } from "./activity.js";
import { percent } from "./distribution.js";
import { age, count, grouped, visible } from "./words.js";

/** Connections by tenant, those that do something, and the limits. */
export function connectionTables(reading: ConnectionsReading): ActivityTable[] {
  return [byTenant(reading, reading.tenants ?? []), busy(reading), limits(reading.limits)].filter(
    ({ rows, remarks }) => rows.length + remarks.length > 0,
  );
}

const nothing = { texts: [], remarks: [], lines: [] };

function byTenant(reading: ConnectionsReading, tenants: readonly TenantConnections[]): ActivityTable {
  const { totals, attributedBy } = reading;
  return {
    title: "Connections by tenant",
    head: ["Tenant", "All", "Share", "Active", "In transaction", "Idle", "Waiting"],
    rows: tenants.map((each) => [
      visible(each.tenant === null ? "not known" : (each.name ?? each.tenant)),
      grouped(each.connections),
      percent(each.connections / totals.connections),
      grouped(each.active),
      grouped(each.idleInTransaction),
      grouped(each.idle),
      grouped(each.waiting),
    ]),
    texts: [],
    remarks: remarksOf(reading),
    lines: attributedBy,
  };
}

function remarksOf({ totals, hasPooler, cut, attributedBy, sessions }: ConnectionsReading): string[] {
  const past = sessions.filter(({ state, owner }) => state === "idle" && owner?.by === "comment").length;
  const { connections, notAttributed, notVisible } = totals;
  return [
    ...(notAttributed > 0
      ? [
          `${grouped(notAttributed)} of ${count(connections, "connection")} (${percent(notAttributed / connections)}) do not say their tenant`,
        ]
      : []),
    ...(notVisible > 0
      ? [`of ${count(notVisible, "connection")} only the application's name can be seen`]
      : []),
    ...(past > 0 ? [`${count(past, "idle connection")} counted to the tenant of the last statement`] : []),
    ...(hasPooler
      ? [
          "a pooler stands in front: a name set for a session is its pool's; SET LOCAL holds for a transaction",
        ]
      : []),
    ...(cut > 0
      ? [`${count(cut, "statement")} cut by the server (track_activity_query_size): put the comment in front`]
      : []),
    ...(attributedBy.length > 0
      ? ["app.current_tenant_id of another session can't be read from outside; one of these lines says it:"]
      : []),
  ];
}

const shownSessions = 20;

/** Those in a transaction or at work; the rest wait for their client. */
function busy({ sessions, states }: ConnectionsReading): ActivityTable {
  const all = sessions.filter(
    ({ state, transactionSeconds }) => transactionSeconds !== null || state === "active",
  );
  const shown = all.slice(0, shownSessions);
  const hasOwners = shown.some(({ owner }) => owner !== undefined);
  const counts = Object.entries(states).map(([state, number]) => `${grouped(number)} ${state}`);
  return {
    title: "At work, longest idle in a transaction first",
    head: ["Pid", "Role", ...(hasOwners ? ["Tenant"] : []), "State", "Since", "Transaction", "Held by"],
    rows: shown.map((each) => [
      String(each.pid),
      visible(each.role),
      ...(hasOwners ? [visible(each.owner ? (each.owner.name ?? each.owner.tenant) : "–")] : []),
      stateOf(each),
      ageOf(each.stateSeconds),
      ageOf(each.transactionSeconds),
      each.blockedBy.map(String).join(", ") || "–",
    ]),
    texts: shown.flatMap(({ pid, query, waitsFor, blockedBy }) => {
      const text = visible(query || "(its statement is not shown)");
      const note = waitsFor === null ? "" : visible(waiting(waitsFor, blockedBy));
      return query || note ? [{ label: String(pid), text, note }] : [];
    }),
    remarks: [
      ...(counts.length ? [counts.join(", ")] : ["nobody else is connected to this database"]),
      ...(all.length > shown.length ? [`and ${all.length - shown.length} more: --format json`] : []),
    ],
    lines: [],
  };
}

function stateOf({ state }: Session): string {
  return (state ?? "not visible").replace("idle in transaction", "in transaction");
}

/** `waits for Lock: transactionid, held by pid 4711` */
function waiting(waitsFor: string, blockedBy: readonly number[]): string {
  const by = blockedBy.map((pid) => (pid === 0 ? "a prepared transaction" : `pid ${pid}`));
  return `waits for ${waitsFor}${by.length ? `, held by ${by.join(", ")}` : ""}`;
}

function limits(all: readonly ConnectionLimit[]): ActivityTable {
  return {
    ...nothing,
    title: "Limits",
    head: ["Limit of", "Used", "Of", "Share", "Reserved"],
    rows: all.map(({ kind, name, used, limit, reserved }) => [
      visible(kind === "server" ? "the server" : `${kind} ${name}`),
      grouped(used),
      grouped(limit),
      limit > 0 ? percent(used / limit) : "–",
      grouped(reserved),
    ]),
  };
}

function ageOf(seconds: number | null): string {
  return seconds === null ? "–" : age(seconds);
}
