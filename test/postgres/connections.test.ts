import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../src/adapters/embedded-postgres.js";
import { serverUser } from "../../src/adapters/postgres-user.js";
import { tenantctlJson } from "../support/cli.js";
import { project } from "../support/project.js";
import { sampleSchema, sampleTables } from "../support/sample-application.js";

const user = serverUser();
const schema = { "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}` };
const owned = (path: string, mode: number) => {
  if (user) chownSync(path, user.uid, user.gid);
  chmodSync(path, mode);
  return path;
};

/** Audits by a URL from the environment; nothing else of ours is in it. */
function audit(url: string, env: NodeJS.ProcessEnv = {}) {
  return tenantctlJson(["audit"], { cwd: project(schema), env: { DATABASE_URL: url, ...env } });
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sampleTables);
  await client.end();
}

describe("TLS, passwords and sockets", () => {
  let folder: string;
  let server: EmbeddedServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tenantctl-tls-"));
    chmodSync(folder, 0o755);
    makeCertificates(folder);
    mkdirSync(join(folder, "socket"));
    owned(join(folder, "socket"), 0o777);
    server = await startEmbeddedPostgres({
      settings: {
        ssl: "on",
        ssl_cert_file: owned(join(folder, "server.crt"), 0o644),
        ssl_key_file: owned(join(folder, "server.key"), 0o600),
        unix_socket_directories: join(folder, "socket"),
      },
    });
    await fill(server.url);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const on = (host: string, parameters: string) => `${server.url.replace("127.0.0.1", host)}?${parameters}`;

  test("verify-full with the CA's file, on the name that the certificate bears", async () => {
    const { code, report } = await audit(on("localhost", `sslmode=verify-full&sslrootcert=${folder}/ca.crt`));
    expect(report.error).toBeUndefined();
    expect(code).toBe(0);
  });

  test.each([
    ["another name", "127.0.0.1", "ca.crt", /certificate/i],
    ["another CA", "localhost", "other.crt", /certificate/i],
  ])("verify-full refuses %s, and says what to do", async (_, host, ca, message) => {
    const { code, report } = await audit(on(host, `sslmode=verify-full&sslrootcert=${folder}/${ca}`));
    expect(code).toBe(2);
    expect(JSON.stringify(report)).toMatch(message);
    expect(JSON.stringify(report)).not.toContain(new URL(server.url).password);
  });

  test.each([
    "sslmode=require",
    `sslmode=verify-ca&sslrootcert=CA`,
    "sslmode=prefer",
    "sslmode=disable",
    "schema=public&connection_limit=1&pgbouncer=true&connect_timeout=10&pool_timeout=5",
  ])("%s works", async (parameters) => {
    const { code } = await audit(on("127.0.0.1", parameters.replace("CA", `${folder}/ca.crt`)));
    expect(code).toBe(0);
  });

  test("a password from .pgpass, in the home folder and where PGPASSFILE says", async () => {
    const { username, password, port } = new URL(server.url);
    const url = `postgresql://${username}@127.0.0.1:${port}/postgres`;
    const home = project({ ".pgpass": `127.0.0.1:${port}:*:${username}:${password}\n` });
    chmodSync(join(home, ".pgpass"), 0o600);
    expect((await audit(url, { HOME: home })).code).toBe(0);
    expect((await audit(url, { HOME: folder, PGPASSFILE: join(home, ".pgpass") })).code).toBe(0);
    const without = await audit(url, { HOME: folder });
    expect(without.code).toBe(2);
    expect(JSON.stringify(without.report)).toMatch(/password/);
  });

  test("a Unix socket", async () => {
    const { username, password, port } = new URL(server.url);
    const url = `postgresql://${username}:${password}@/postgres?host=${folder}/socket&port=${port}`;
    const { code, report } = await audit(url);
    expect(report.error).toBeUndefined();
    expect(code).toBe(0);
  });
});

const base = "/usr/lib/postgresql";
const version = existsSync(base)
  ? readdirSync(base).sort((left, right) => Number(left) - Number(right))[0]
  : undefined;

describe("a hot standby", () => {
  let folder: string;
  let primary: EmbeddedServer;
  let standby: ChildProcess;
  let url: string;
  beforeAll(async () => {
    expect(version, "apt-get install -y postgresql").toBeDefined();
    const binaries = `${base}/${version}/bin`;
    primary = await startEmbeddedPostgres({ binaries });
    await fill(primary.url);
    folder = mkdtempSync(join(tmpdir(), "tenantctl-standby-"));
    owned(folder, 0o755);
    const data = join(folder, "data");
    const run = user ? { uid: user.uid, gid: user.gid } : {};
    execFileSync(
      `${binaries}/pg_basebackup`,
      ["-d", primary.url, "-D", data, "-R", "-X", "stream", "-c", "fast"],
      {
        ...run,
        cwd: folder,
        stdio: "pipe",
      },
    );
    const port = await freePort();
    url = primary.url.replace(`:${primary.port}/`, `:${port}/`);
    standby = spawn(
      `${binaries}/postgres`,
      ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
      { ...run, cwd: folder, stdio: "ignore" },
    );
    await answering(url);
  }, 60_000);
  afterAll(async () => {
    standby.kill("SIGQUIT");
    await once(standby, "close");
    await primary.stop();
    rmSync(folder, { recursive: true });
  });

  test("is audited like any other, several sessions on one snapshot, and says what it is", async () => {
    const { code, report } = await audit(url);
    expect(report.error).toBeUndefined();
    expect(code).toBe(0);
    expect(report.checks.find(({ id }) => id === "readiness")?.facts).toMatchObject({ isStandby: true });
    const distribution = await tenantctlJson(["db", "distribution", "--estimate"], {
      cwd: project(schema),
      env: { DATABASE_URL: url },
    });
    expect(distribution.code).toBe(0);
  });

  test("finds there what the primary has", async () => {
    const client = new pg.Client(primary.url);
    await client.connect();
    await client.query('drop index "assets_tenantId_idx"');
    await client.query("select pg_current_wal_lsn()");
    await client.end();
    await expect
      .poll(
        async () =>
          (await audit(url)).report.checks.flatMap(({ findings }) => findings.map(({ rule }) => rule)),
        {
          timeout: 15_000,
        },
      )
      .toEqual(["db/missing-index"]);
  });
});

function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  for (const name of ["ca", "other"]) {
    openssl(
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.crt`,
    );
  }
  openssl(
    "req",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-subj",
    "/CN=localhost",
    "-keyout",
    "server.key",
    "-out",
    "server.csr",
  );
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost\n");
  openssl(
    "x509",
    "-req",
    "-in",
    "server.csr",
    "-CA",
    "ca.crt",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "2",
    "-extfile",
    "names",
    "-out",
    "server.crt",
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((wait) => setTimeout(wait, 200));
    }
  }
}
