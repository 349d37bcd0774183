import { connect as connectSocket, type Socket } from "node:net";
import type pg from "pg";
import { abortable } from "../abortable.js";
import { AdapterError } from "../errors.js";
import { type DatabaseAddress, isLocalHost } from "./address.js";
import { connectionFailure, errorCode, messageOf } from "./failure.js";

const oldestServer = 120_000;
const oldestServerName = "12";

/** One session. Every statement is sent in the simple or the unnamed extended protocol: PgBouncer-safe. */
export interface Session {
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs exactly one statement: the server refuses a text that holds more. */
  run(statement: string): Promise<void>;
  /** Asks the server to cancel what this session runs. Resolves when the request was delivered. */
  cancel(): Promise<void>;
  end(): Promise<void>;
  /** Drops the connection without a word; what it was asked fails. */
  destroy(): void;
  readonly versionNumber: number;
  /** The server process as the login named it: a pooler names one of its own. */
  readonly processId: number | null;
  /** Linux servers notice a client that died while its query runs (client_connection_check_interval). */
  readonly isLinux: boolean;
}

interface BackendKeys {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * Opens a session. The login has the address's `connectTimeout`; the first answer may take a pooler longer,
 * and only the signal limits that.
 *
 * @throws AdapterError where the server refuses, does not answer in time, or is older than PostgreSQL 12; the
 *   signal's reason when it is aborted.
 */
export async function openSession(
  address: DatabaseAddress,
  signal?: AbortSignal,
  applicationName = "tenantctl",
): Promise<Session> {
  const client = await connectClient(address, applicationName, signal);
  const { version, isLinux } = await versionOf(client, address, signal);
  return {
    versionNumber: version,
    isLinux,
    processId: (client as unknown as BackendKeys).processID,
    run: async (statement) => {
      await client.query({ text: statement, queryMode: "extended" } as pg.QueryConfig);
    },
    query: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(sql, [...values])).rows,
    cancel: () => sendCancel(address, client as unknown as BackendKeys),
    end: () => endClient(client),
    destroy: () => destroyClient(client),
  };
}

async function connectClient(
  address: DatabaseAddress,
  applicationName: string,
  signal?: AbortSignal,
): Promise<pg.Client> {
  // Loaded when first needed: half of the commands touch no database.
  const { default: driver } = await import("pg");
  const attempts = tlsAttempts(address);
  for (const [index, ssl] of attempts.entries()) {
    const client = new driver.Client({
      host: address.host,
      port: address.port,
      database: address.database,
      user: address.user,
      password: address.password,
      ssl,
      application_name: applicationName,
      connectionTimeoutMillis: address.connectTimeout,
      keepAlive: true,
    });
    // Without a listener, a server that goes away between two statements would end the process.
    client.on("error", () => {});
    try {
      await abortable(
        signal,
        () => destroyClient(client),
        () => client.connect(),
      );
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      signal?.throwIfAborted();
      const mayDiffer = index + 1 < attempts.length && isAboutTls(error);
      if (!mayDiffer) throw connectionFailure(error, address);
    }
  }
  throw new Error("unreachable: the last attempt returns or throws");
}

/** Says goodbye; a server that does not take it in two seconds is left. */
async function endClient(client: pg.Client): Promise<void> {
  const impatience = setTimeout(() => destroyClient(client), 2000);
  await client.end().catch(() => {});
  clearTimeout(impatience);
}

function destroyClient(client: pg.Client): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}

/** libpq's order: `prefer` falls back to plain, `allow` to TLS. On loopback and sockets plain goes first. */
function tlsAttempts({ sslMode, tls, host }: DatabaseAddress): (false | DatabaseAddress["tls"])[] {
  const isLocal = isLocalHost(host);
  switch (sslMode) {
    case "disable":
      return [false];
    case "allow":
      return [false, tls];
    case "prefer":
      return isLocal ? [false, tls] : [tls, false];
    default:
      return [tls];
  }
}

function isAboutTls(error: unknown): boolean {
  return errorCode(error) === "28000" || /SSL|TLS|encryption|certificate/i.test(messageOf(error));
}

async function versionOf(client: pg.Client, address: DatabaseAddress, signal?: AbortSignal) {
  try {
    const { rows } = await abortable(
      signal,
      () => destroyClient(client),
      () =>
        client.query<{ number: number; name: string; build: string }>(
          "select current_setting('server_version_num')::int as number, current_setting('server_version') as name, version() as build",
        ),
    );
    const { number, name, build } = rows[0]!;
    if (number >= oldestServer) return { version: number, isLinux: /linux/i.test(build) };
    throw new AdapterError(
      `${address.shown} is PostgreSQL ${name}; tenantctl needs ${oldestServerName} or later`,
      "upgrade the server, or audit a restored copy of the database on a newer one",
    );
  } catch (error) {
    await endClient(client);
    signal?.throwIfAborted();
    throw error instanceof AdapterError ? error : connectionFailure(error, address);
  }
}

/**
 * The cancel request of the wire protocol: a connection of its own that never logs in. The other side closes
 * it, as with libpq: PgBouncer forgets the request of a client that hung up first.
 */
function sendCancel(address: DatabaseAddress, { processID, secretKey }: BackendKeys): Promise<void> {
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(80877102, 4);
  request.writeInt32BE(processID ?? 0, 8);
  request.writeInt32BE(secretKey ?? 0, 12);
  const place = address.host.startsWith("/")
    ? { path: `${address.host}/.s.PGSQL.${address.port}` }
    : { host: address.host, port: address.port };
  return new Promise((resolve) => {
    const socket = connectSocket(place, () => socket.write(request));
    socket.setTimeout(3000, () => socket.destroy());
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
}
