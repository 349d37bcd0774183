import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { serverUser } from "../../src/adapters/postgres-user.js";
import { freePort } from "./free-port.js";

const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((path) => existsSync(path));

/** A real PgBouncer before a server, with so many of its connections; `stop` ends it. */
export async function startPgBouncer(
  server: string,
  poolSize = 4,
  mode: "transaction" | "session" = "transaction",
): Promise<{ urlFor(database: string): string; stop(): Promise<void> }> {
  if (!program)
    throw new Error(
      "pgbouncer is not installed: apt-get install pgbouncer (npm test does it as root on Debian)",
    );
  const { hostname, port: target, username, password } = new URL(server);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-pgbouncer-"));
  const users = join(folder, "users.txt");
  const config = join(folder, "pgbouncer.ini");
  writeFileSync(users, `"${username}" "${password}"\n`);
  writeFileSync(
    config,
    `[databases]
* = host=${hostname} port=${target}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
auth_type = plain
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = ${poolSize}
unix_socket_dir =
`,
  );
  const user = serverUser();
  chmodSync(folder, 0o755);
  if (user) for (const path of [folder, users, config]) chownSync(path, user.uid, user.gid);
  const child = spawn(program, [config], {
    stdio: ["ignore", "ignore", "pipe"],
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
  let log = "";
  child.stderr.on("data", (chunk) => (log += chunk));
  const urlFor = (database: string) =>
    `postgresql://${username}:${password}@127.0.0.1:${port}/${database}?pgbouncer=true&connection_limit=1`;
  await answers(urlFor("postgres"), () => log);
  return {
    urlFor,
    stop: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error(`pgbouncer does not answer: ${log()}`);
}
