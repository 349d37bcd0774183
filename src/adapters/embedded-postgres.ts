import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { AdapterError } from "./errors.js";
import { findServerBinaries, type ServerBinaries } from "./postgres-binaries.js";
import { type RunAs, serverUser } from "./postgres-user.js";
import { makeServerFolder, sweepServerFolders } from "./server-folder.js";

/** A PostgreSQL server of our own on loopback, gone with its data when it stops or its owner dies. */
export interface EmbeddedServer {
  /** Superuser's address of the maintenance database. */
  readonly url: string;
  readonly port: number;
  /** `embedded` (from npm) or the path of the system's server. */
  readonly origin: string;
  urlFor(database: string): string;
  stop(): Promise<void>;
}

export interface EmbeddedServerOptions {
  /** `postgresql.conf` settings, such as `{ shared_preload_libraries: "pg_stat_statements" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder with `initdb` and `postgres`; by default the embedded ones, else the system's. */
  readonly binaries?: string;
}

const startAttempts = 5;
const startDeadline = 60_000;

/**
 * Initialises and starts a server with a random password and a free port; about a second. As root it runs
 * under another user, as PostgreSQL asks. What a killed run left is removed first.
 *
 * @throws AdapterError where no server is installed or it does not start, with its log's last lines.
 */
export async function startEmbeddedPostgres(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  sweepServerFolders();
  const user = serverUser();
  const folder = makeServerFolder(user);
  try {
    const binaries = findServerBinaries(user, options.binaries);
    const password = randomBytes(18).toString("base64url");
    await initialise(binaries, folder, user, password);
    const { server, port } = await startOnFreePort(binaries, folder, user, options.settings ?? {});
    const urlFor = (database: string) =>
      `postgresql://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
    let stopping: Promise<void> | undefined;
    return {
      url: urlFor("postgres"),
      port,
      origin: binaries.origin,
      urlFor,
      stop: () => {
        stopping ??= stopServer(server, folder);
        return stopping;
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function initialise(
  binaries: ServerBinaries,
  folder: string,
  user: RunAs | undefined,
  password: string,
): Promise<void> {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const data = join(folder, "data");
  mkdirSync(data);
  if (user) for (const path of [passwordFile, data]) chownSync(path, user.uid, user.gid);
  chmodSync(data, 0o700);
  const initdb = run(
    binaries.initdb,
    [
      ...["-D", data, "-U", "postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`],
      ...["--encoding=UTF8", "--locale=C", "--no-sync"],
    ],
    user,
  );
  const { code, output } = await finished(initdb);
  rmSync(passwordFile);
  if (code !== 0) {
    throw new AdapterError(
      `initdb of ${binaries.origin} failed (exit ${code}): ${lastLines(output)}`,
      "check that the temporary folder has space and that its programs may run (a noexec mount?)",
    );
  }
}

async function startOnFreePort(
  binaries: ServerBinaries,
  folder: string,
  user: RunAs | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const result = await startOn(port, binaries, folder, user, settings);
    if ("server" in result) return { server: result.server, port };
    const isTaken = /could not bind|Address already in use/i.test(result.log);
    if (!isTaken || attempt === startAttempts) {
      throw new AdapterError(
        `PostgreSQL (${binaries.origin}) did not start: ${lastLines(result.log)}`,
        "free memory or disk and try again, or use a server of your own: --url postgresql://…",
      );
    }
  }
}

/**
 * The server runs under a shell that waits for our end of its standard input to close, however we end, and
 * then stops the server: not even SIGKILL leaves one behind.
 */
const keeper = `
postgres=$1; shift
exec 3<&0
"$postgres" "$@" </dev/null 3<&- &
server=$!
(read -r _ <&3; kill -INT $server) </dev/null >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait $server
status=$?
kill $watcher 2>/dev/null
exit $status
`;

async function startOn(
  port: number,
  binaries: ServerBinaries,
  folder: string,
  user: RunAs | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<{ server: ChildProcess } | { log: string }> {
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    max_connections: "60",
    logging_collector: "off",
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = run(
    "/bin/sh",
    ["-c", keeper, "sh", binaries.postgres, "-D", join(folder, "data"), "-p", String(port), ...flags],
    user,
    "pipe",
  );
  let log = "";
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.kill("SIGKILL"), startDeadline);
    server.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      log = (log + chunk).slice(-8000);
      if (!log.includes("ready to accept connections")) return;
      clearTimeout(deadline);
      resolve({ server });
    });
    server.once("exit", () => {
      clearTimeout(deadline);
      resolve({ log });
    });
  });
}

async function stopServer(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    server.stdin!.end();
    await once(server, "exit");
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function run(command: string, args: string[], user: RunAs | undefined, stdin: "pipe" | "ignore" = "ignore") {
  return spawn(command, args, {
    cwd: "/",
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    stdio: [stdin, "pipe", "pipe"],
    // A session of its own: Ctrl-C in the terminal must reach us first, not the server.
    detached: true,
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
}

async function finished(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  return { code, output };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return (address as { port: number }).port;
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join(" / ") || "it said nothing";
}
