import { readFileSync } from "node:fs";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { parse } from "pg-connection-string";
import { AdapterError } from "../errors.js";

export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** Where a database is and how to reach it, as its URL says. */
export interface DatabaseAddress {
  /** Host name, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The schema of Prisma's `?schema=`. */
  readonly schema: string | undefined;
  /** In milliseconds. */
  readonly connectTimeout: number;
  readonly sslMode: SslMode;
  readonly tls: TlsOptions;
  /** `divanco on db.example.com:5432`: fit for any output. */
  readonly shown: string;
}

const defaultConnectTimeout = 10_000;
/** Of Node's timers, in milliseconds. */
const longestConnectTimeout = 2 ** 31 - 1;
const sslModes: readonly SslMode[] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/**
 * Reads a PostgreSQL URL. `sslmode` means what it means to libpq and Prisma: `require` encrypts and does not
 * verify (pg alone would verify). Prisma's own parameters are understood: `schema`, `sslaccept`, `sslcert`
 * (its CA file), `sslidentity`, `connect_timeout`; `pgbouncer`, `connection_limit`, `pool_timeout`,
 * `socket_timeout` and `statement_cache_size` change nothing here, as every command is safe behind PgBouncer.
 *
 * @throws AdapterError where it is no such URL; the message never holds it.
 */
export function parseDatabaseAddress(url: string): DatabaseAddress {
  if (/^prisma(\+postgres)?:/.test(url)) {
    throw new AdapterError(
      "the database URL is one of Prisma Accelerate or prisma dev, not a PostgreSQL server's",
      "give the server's own: --url env:DIRECT_URL",
    );
  }
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new AdapterError(
      "the database URL is no PostgreSQL URL",
      "it looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE; --url takes env:NAME, file:PATH or a URL",
    );
  }
  const { plain, parameters } = splitParameters(url);
  const parsed = parsePlain(plain);
  const host = parameters.get("host") || parsed.host || process.env.PGHOST || "localhost";
  const port = Number(parameters.get("port") || parsed.port || process.env.PGPORT || 5432);
  const user = parsed.user || process.env.PGUSER || undefined;
  const database = parsed.database || process.env.PGDATABASE || user || "postgres";
  return {
    host,
    port,
    database,
    user,
    password: parsed.password || undefined,
    schema: parameters.get("schema") || undefined,
    connectTimeout: secondsIn(parameters, "connect_timeout") ?? defaultConnectTimeout,
    sslMode: sslModeOf(parameters),
    tls: tlsOptions(parameters),
    shown: `${database} on ${host.startsWith("/") ? host : `${host}:${port}`}`,
  };
}

/** Whether a server's host, as an address has it, is this machine: loopback, or a Unix socket. */
export function isLocalHost(host: string): boolean {
  return host.startsWith("/") || /^(localhost|127(\.\d+){3}|::1|\[::1\])$/.test(host);
}

function splitParameters(url: string): { plain: string; parameters: URLSearchParams } {
  const at = url.indexOf("?");
  return at < 0
    ? { plain: url, parameters: new URLSearchParams() }
    : { plain: url.slice(0, at), parameters: new URLSearchParams(url.slice(at + 1)) };
}

function parsePlain(plain: string) {
  const unreadable = new AdapterError(
    "the database URL can't be read",
    "percent-encode special characters in the password: @ is %40, / is %2F, # is %23, : is %3A",
  );
  // After an unencoded slash the password's end would be taken for the database's name.
  if (/^\w+:\/\/[^@/]*\/.*@/.test(plain)) throw unreadable;
  try {
    const { host, port, user, password, database } = parse(plain);
    return { host, port, user, password, database };
  } catch {
    throw unreadable;
  }
}

function secondsIn(parameters: URLSearchParams, name: string): number | undefined {
  const seconds = Number(parameters.get(name));
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(seconds * 1000, longestConnectTimeout)
    : undefined;
}

function sslModeOf(parameters: URLSearchParams): SslMode {
  const named = parameters.get("sslmode") ?? "prefer";
  if (parameters.get("sslaccept") === "strict") return "verify-full";
  const mode = named === "no-verify" ? "require" : (named as SslMode);
  if (sslModes.includes(mode)) return mode;
  throw new AdapterError(
    `the database URL has sslmode=${named}, which does not exist`,
    `use one of ${sslModes.join(", ")}`,
  );
}

function tlsOptions(parameters: URLSearchParams): TlsOptions {
  const mode = sslModeOf(parameters);
  const key = fileIn(parameters, "sslkey");
  const certificate = fileIn(parameters, "sslcert");
  // To Prisma sslcert is the server's CA; to libpq it is the client's certificate, which needs a key.
  const authority = fileIn(parameters, "sslrootcert") ?? (key ? undefined : certificate);
  const identity = fileIn(parameters, "sslidentity");
  const isVerified = mode === "verify-full" || mode === "verify-ca" || (mode === "require" && authority);
  return {
    rejectUnauthorized: Boolean(isVerified),
    ...(mode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    ...(authority ? { ca: authority } : {}),
    ...(key ? { key, cert: certificate } : {}),
    ...(identity ? { pfx: identity, passphrase: parameters.get("sslpassword") ?? "" } : {}),
  };
}

function fileIn(parameters: URLSearchParams, name: string): Buffer | undefined {
  const path = parameters.get(name);
  if (!path || path === "system") return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new AdapterError(
      `can't read the file of ${name} in the database URL: ${(error as NodeJS.ErrnoException).code}`,
      `check the path ${path}`,
    );
  }
}
