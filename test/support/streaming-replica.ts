import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverUser } from "../../src/adapters/postgres-user.js";

const base = "/usr/lib/postgresql";

/** The folder of Debian's server programs; the embedded server has none that copy a server. */
export function debianBinaries(): string {
  const [version] = existsSync(base) ? readdirSync(base).sort() : [];
  if (version === undefined)
    throw new Error(
      "Debian's postgresql is not installed: apt-get install postgresql (npm test does it as root)",
    );
  return join(base, version, "bin");
}

/** A standby of a server, by streaming replication; `stop` ends it. */
export async function startReplica(
  primary: string,
): Promise<{ urlFor(database: string): string; promote(): void; stop(): Promise<void> }> {
  const binaries = debianBinaries();
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-replica-"));
  chmodSync(folder, 0o755);
  const data = join(folder, "data");
  if (user) chownSync(folder, user.uid, user.gid);
  const run = { cwd: "/", ...(user ? { uid: user.uid, gid: user.gid } : {}) };
  const port = await freePort();
  const url = new URL(primary);
  const copied = spawnSync(
    join(binaries, "pg_basebackup"),
    [
      "-D",
      data,
      "-R",
      "-X",
      "stream",
      "-c",
      "fast",
      "--no-sync",
      "-h",
      url.hostname,
      "-p",
      url.port,
      "-U",
      url.username,
    ],
    { ...run, encoding: "utf8", env: { PATH: process.env.PATH, PGPASSWORD: url.password } },
  );
  if (copied.status !== 0) throw new Error(`pg_basebackup: ${copied.stderr}`);
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
  };
  const server = spawn(
    join(binaries, "postgres"),
    ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    { ...run, stdio: ["ignore", "ignore", "pipe"] },
  );
  await ready(server);
  return {
    urlFor: (database) => {
      const own = new URL(primary);
      [own.port, own.pathname] = [String(port), `/${database}`];
      return own.href;
    },
    promote: () => {
      const { status, stderr } = spawnSync(join(binaries, "pg_ctl"), ["promote", "-w", "-D", data], {
        ...run,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`pg_ctl promote: ${stderr}`);
    },
    stop: async () => {
      server.kill("SIGINT");
      if (server.exitCode === null) await once(server, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(server: ChildProcess): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      log += chunk;
      if (log.includes("ready to accept")) resolve();
    });
    server.once("exit", () => reject(new Error(`the replica did not start: ${log}`)));
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
