import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { EmbeddedServer } from "../../src/adapters/embedded-postgres.js";
import { serverUser } from "../../src/adapters/postgres-user.js";
import { freePort } from "./free-port.js";

export interface Standby {
  readonly url: string;
  stop(): Promise<void>;
}

/** A streaming replica of a server, made with `pg_basebackup` of the same release. */
export async function startStandby(primary: EmbeddedServer, binaries: string): Promise<Standby> {
  const { username, password, port: primaryPort } = new URL(primary.url);
  const user = serverUser();
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-standby-"));
  chmodSync(folder, 0o755);
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  execFileSync(
    join(binaries, "pg_basebackup"),
    [
      "-h",
      "127.0.0.1",
      "-p",
      primaryPort,
      "-U",
      username,
      "-D",
      data,
      "-R",
      "-X",
      "stream",
      "-c",
      "fast",
      "--no-sync",
    ],
    {
      ...as,
      cwd: "/",
      env: { PGPASSWORD: password, PATH: "/usr/bin:/bin", PGAPPNAME: "standby" },
      stdio: "pipe",
    },
  );
  const port = await freePort();
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "max_connections=60",
  ];
  const server = spawn(
    join(binaries, "postgres"),
    ["-D", data, ...settings.flatMap((each) => ["-c", each])],
    { ...as, cwd: "/", stdio: "ignore" },
  );
  const url = `postgresql://${username}:${password}@127.0.0.1:${port}/postgres`;
  await answers(url, server);
  return {
    url,
    stop: async () => {
      server.kill("SIGINT");
      if (server.exitCode === null) await once(server, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error("the standby did not start");
}
