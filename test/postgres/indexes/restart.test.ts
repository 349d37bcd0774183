import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedServer, startEmbeddedPostgres } from "../../../src/adapters/embedded-postgres.js";
import { serverUser } from "../../../src/adapters/postgres-user.js";
import {
  create,
  debianBinaries,
  itemsTable,
  observer,
  slowFunction,
  stateFolder,
  wantedIndex,
} from "../../support/indexes.js";

let server: EmbeddedServer;
let dataFolder: string;
beforeAll(async () => {
  server = await startEmbeddedPostgres({ binaries: debianBinaries });
  dataFolder = (await ask("show data_directory"))[0].data_directory;
});
afterAll(async () => {
  // Started by pg_ctl, it is not the process that `stop` knows.
  control("stop", "-m", "immediate");
  await server.stop();
});

/** A question on a session of its own: the others are gone after a restart. */
async function ask(sql: string) {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client(server.url);
    client.on("error", () => {});
    try {
      await client.connect();
      const result = await client.query(sql);
      await client.end();
      return (Array.isArray(result) ? result.at(-1) : result).rows;
    } catch (error) {
      if (attempt === 50 || !/ECONNREFUSED|starting up|recovery|terminat/.test(String(error))) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

function control(...args: string[]) {
  const user = serverUser();
  execFileSync(
    join(debianBinaries, "pg_ctl"),
    ["-D", dataFolder, "-w", "-t", "30", "-l", "/dev/null", ...args],
    {
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
      cwd: "/",
      stdio: "ignore",
    },
  );
}

const states = () =>
  ask("select indisvalid as valid from pg_index where indexrelid = to_regclass('items_a_idx')");
const buildPid = async () =>
  (await ask("select pid from pg_stat_progress_create_index where phase like 'building index: scanning%'"))[0]
    ?.pid;
const slow = wantedIndex({ columns: [{ expression: "slow(a)" }] });

async function fresh(rows: number) {
  await ask(`drop table if exists items; drop function if exists slow; ${itemsTable(rows)}; ${slowFunction}`);
  return { url: server.url, stateFolder: stateFolder() };
}

test("the server crashes and comes back: the remains are dropped, and it is built", async () => {
  const own = await fresh(100);
  const look = observer();
  const building = create({ ...own, observe: look.observe }, slow);
  await expect.poll(buildPid, { interval: 50 }).toBeGreaterThan(0);
  process.kill(await buildPid(), "SIGKILL");
  expect(await building).toMatchObject([{ state: "built", attempts: 2, drafts: [] }]);
  expect(look.events).toContainEqual(
    expect.objectContaining({ kind: "again", reason: "the connection was lost" }),
  );
  expect(await states()).toEqual([{ valid: true }]);
});

test("the server is restarted in the middle: the same", async () => {
  const own = await fresh(100);
  const building = create(own, slow);
  await expect.poll(buildPid, { interval: 50 }).toBeGreaterThan(0);
  control("restart", "-m", "fast");
  expect(await building).toMatchObject([{ state: "built", attempts: 2, drafts: [] }]);
  expect(await states()).toEqual([{ valid: true }]);
});

test("only the connection is cut, the server goes on: the build is found again, not begun again", async () => {
  const own = await fresh(150);
  const line = await cuttable(server.port);
  const url = new URL(server.url);
  url.port = String(line.port);
  const building = create({ ...own, url: url.href }, slow);
  await expect.poll(buildPid, { interval: 50 }).toBeGreaterThan(0);
  const pid = await buildPid();
  line.cut();
  await expect
    .poll(async () => (await ask("select count(*)::int as n from pg_locks where locktype = 'advisory'"))[0].n)
    .toBe(1);
  expect(await buildPid()).toBe(pid);
  expect(await building).toMatchObject([{ state: "built", attempts: 2, drafts: [] }]);
  expect(await states()).toEqual([{ valid: true }]);
  await line.close();
});

/** A line to a port of loopback whose connections can all be cut at once; new ones are taken. */
async function cuttable(target: number) {
  const sockets = new Set<Socket>();
  const proxy: Server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        // The server's side stays open, as where a network goes silent.
        if (socket === upstream) client.destroy();
      });
    }
    client.pipe(upstream, { end: false });
    upstream.pipe(client);
    clients.add(client);
  });
  const clients = new Set<Socket>();
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    port: (proxy.address() as { port: number }).port,
    cut: () => {
      for (const client of clients) client.destroy();
      clients.clear();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
