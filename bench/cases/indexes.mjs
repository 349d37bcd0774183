import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { median, runNode, tenantctl } from "../measure.mjs";

const settings = {
  ...{ shared_buffers: "2GB", max_wal_size: "8GB", maintenance_work_mem: "256MB", max_connections: "100" },
  checkpoint_timeout: "1h",
};

/** psql and pgbench, whose own CREATE INDEX CONCURRENTLY is the measure. */
const program = (name) => {
  const debian = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").sort().reverse() : [];
  const paths = ["/usr/bin", ...debian.map((version) => `/usr/lib/postgresql/${version}/bin`)];
  const found = paths.map((path) => join(path, name)).find((path) => existsSync(path));
  if (!found) throw new Error(`${name} is not installed: apt-get install postgresql-client postgresql`);
  return found;
};

async function withServer(work) {
  const { startEmbeddedPostgres } = await import("../../dist/adapters/embedded-postgres.js");
  const server = await startEmbeddedPostgres({ settings });
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-bench-indexes-"));
  const session = new pg.Client(server.url);
  await session.connect();
  try {
    return await work({ url: server.url, folder, session });
  } finally {
    await session.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const table = (name, rows) => [
  `create table ${name} (id int primary key, "tenantId" uuid not null, code text not null, at timestamptz not null)`,
  `insert into ${name} select i, md5((i % 1000)::text)::uuid, md5(i::text), now() - i * interval '1 second' from generate_series(1, ${rows}) as i`,
  `vacuum analyze ${name}`,
];

const index = (on, ...columns) => ({
  table: on,
  name: `${on}_${columns.join("_")}`,
  columns: columns.map((column) => ({ column })),
});

const statementOf = ({ table: on, name, columns }) =>
  `create index concurrently "${name}" on ${on} (${columns.map(({ column }) => `"${column}"`).join(", ")});`;

/** One round: without the indexes, from a checkpoint; whole commands from start to end, in milliseconds. */
async function round({ url, folder, session }, indexes, way) {
  for (const { name } of indexes) await session.query(`drop index if exists "${name}"`);
  await session.query("checkpoint");
  return way === "ours" ? ours(url, folder, indexes) : psql(url, folder, indexes);
}

async function ours(url, folder, indexes) {
  writeFileSync(join(folder, "indexes.json"), JSON.stringify({ schemaVersion: 1, indexes }));
  const args = [tenantctl, "index", "create", "indexes.json", "--yes", "--json"];
  const result = await runNode(args, { cwd: folder, env: { ...process.env, DATABASE_URL: url } });
  const report = JSON.parse(result.stdout);
  if (report.verdict !== "pass") throw new Error(result.stdout);
  return {
    ms: result.ms,
    ownMs: Math.max(...report.checks[0].facts.indexes.map(({ durationMs }) => durationMs)),
  };
}

async function psql(url, folder, indexes) {
  const file = join(folder, "indexes.sql");
  writeFileSync(file, indexes.map(statementOf).join("\n"));
  const start = performance.now();
  await finished(
    spawn(program("psql"), ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file, url], { stdio: "inherit" }),
  );
  const ms = performance.now() - start;
  return { ms, ownMs: ms };
}

function finished(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code ? reject(new Error(`exit ${code}`)) : resolve()));
  });
}

/** Both in turn, after a round of each that is not measured. */
async function inTurn(rounds, measure) {
  const results = { ours: [], psql: [] };
  for (let number = 0; number <= rounds; number += 1) {
    // Who goes first changes, so that neither always finds the server as the other left it.
    for (const way of number % 2 ? ["ours", "psql"] : ["psql", "ours"]) {
      const result = await measure(way);
      if (number > 0) results[way].push(result);
    }
  }
  return results;
}

const medianOf = (results, key) => median(results.map((each) => each[key]));

export const indexCases = [
  {
    name: "index create, 8 indexes on 4 tables",
    peer: "psql, one after the other (both whole commands)",
    limit: 0.85,
    run: ({ rounds }) =>
      withServer(async (server) => {
        const names = ["alpha", "beta", "gamma", "delta"];
        for (const name of names)
          for (const statement of table(name, 1_000_000)) await server.session.query(statement);
        const indexes = names.flatMap((name) => [index(name, "tenantId", "at"), index(name, "code")]);
        const results = await inTurn(rounds, (way) => round(server, indexes, way));
        return {
          ours: medianOf(results.ours, "ms"),
          peer: medianOf(results.psql, "ms"),
          way: "2 tables at once, the default",
        };
      }),
  },
  {
    name: "index create, one build",
    peer: "psql's CREATE INDEX CONCURRENTLY",
    limit: 1.02,
    run: ({ rounds }) =>
      withServer(async (server) => {
        for (const statement of table("alpha", 6_000_000)) await server.session.query(statement);
        const indexes = [index("alpha", "code", "tenantId")];
        const results = await inTurn(rounds, (way) => round(server, indexes, way));
        const whole = medianOf(results.ours, "ms") / medianOf(results.psql, "ms");
        return {
          ours: medianOf(results.ours, "ownMs"),
          peer: medianOf(results.psql, "ms"),
          way: `from the first look to the verified index; with the command's start ${whole.toFixed(3)}`,
        };
      }),
  },
  {
    name: "index create, a writer beside it",
    peer: "the same writer beside psql's CREATE INDEX CONCURRENTLY",
    // At least 0.95 of the transactions a second.
    limit: 1 / 0.95,
    unit: "ms a transaction",
    run: ({ rounds }) =>
      withServer(async (server) => {
        await finished(
          spawn(program("pgbench"), ["-i", "-q", "-s", "40", server.url], {
            stdio: ["ignore", "ignore", "ignore"],
          }),
        );
        const indexes = [index("pgbench_accounts", "bid", "filler", "aid")];
        const results = await inTurn(rounds, (way) => loaded(server, () => round(server, indexes, way)));
        const second = (key) => medianOf(results[key], "perSecond").toFixed(0);
        return {
          ours: medianOf(results.ours, "msEach"),
          peer: medianOf(results.psql, "msEach"),
          way: `pgbench, 4 clients: ${second("ours")} against ${second("psql")} transactions a second`,
        };
      }),
  },
];

/** Transactions of pgbench while something runs. */
async function loaded({ url, session }, work) {
  const bench = spawn(program("pgbench"), ["-n", "-c", "4", "-j", "1", "-T", "600", url], {
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => bench.once("close", resolve));
  try {
    await new Promise((done) => setTimeout(done, 1500));
    const count = async () =>
      (await session.query("select count(*)::int as n from pgbench_history")).rows[0].n;
    const [before, start] = [await count(), performance.now()];
    await work();
    const [after, ms] = [await count(), performance.now() - start];
    return { msEach: ms / (after - before), perSecond: (1000 * (after - before)) / ms };
  } finally {
    bench.kill("SIGTERM");
    await ended;
  }
}
