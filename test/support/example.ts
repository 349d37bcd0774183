import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { exampleFolder, setUpExample } from "../../src/demo/index.js";
import { onServer, urlOf } from "./database.js";

export { exampleFolder };

let made = 0;

/** The example's database with its planted faults, on the run's server. */
export async function createExampleDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject("postgresUrl");
  made += 1;
  const name = `example_${process.pid}_${made}`;
  const url = await setUpExample(
    { url: server, urlFor: (database) => urlOf(server, database) },
    name,
    () => {},
  );
  return { url, drop: () => onServer(server, `drop database ${name} with (force)`) };
}

/** Generates the example's Prisma Client, offline: version 7 needs an engine's name, not an engine. */
export function generateClient(): void {
  const result = spawnSync(
    process.execPath,
    [join("..", "..", "node_modules", "prisma", "build", "index.js"), "generate"],
    {
      cwd: exampleFolder,
      encoding: "utf8",
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
    },
  );
  if (result.status !== 0) throw new Error(result.stdout + result.stderr);
}

export interface RunningExample {
  readonly base: string;
  readonly log: () => string;
  /** Ends it as pm2 does; the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the example's server on a free port and waits until it says that it is ready. */
export async function startExample(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<RunningExample> {
  const port = await freePort();
  const child = spawn(process.execPath, ["--import", "tsx", "src/server.ts"], {
    cwd: exampleFolder,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      AUTH_SECRET: "test-auth-secret",
      WEBHOOK_SECRET: "test-webhook-secret",
      ADMIN_KEY: "test-admin-key",
      PORT: String(port),
      ...env,
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (log += chunk));
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error(`the example did not start: ${log}`))),
  ]);
  return {
    base: `http://127.0.0.1:${port}`,
    log: () => log,
    stop: async () => {
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      return code;
    },
  };
}

/** What the tests of one file share. */
export interface SharedExample {
  readonly database: Awaited<ReturnType<typeof createExampleDatabase>>;
  readonly app: RunningExample;
}

/** The example's database and a server on it, for all tests of a file; there once the tests run. */
export function useExample(env: Record<string, string> = {}): SharedExample {
  const shared = {} as { -readonly [Key in keyof SharedExample]: SharedExample[Key] };
  beforeAll(async () => {
    generateClient();
    shared.database = await createExampleDatabase();
    shared.app = await startExample(shared.database.url, env);
  });
  afterAll(async () => {
    const code = await shared.app?.stop();
    await shared.database?.drop();
    expect(code).toBe(0);
  });
  return shared;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
