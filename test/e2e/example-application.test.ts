import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createExampleDatabase,
  generateClient,
  type RunningExample,
  startExample,
} from "../support/example.js";

let database: Awaited<ReturnType<typeof createExampleDatabase>>;
let app: RunningExample;
beforeAll(async () => {
  generateClient();
  database = await createExampleDatabase();
  app = await startExample(database.url, { APP_VERSION: "1.2.3", APP_DIGEST: "sha256:abc" });
});
afterAll(async () => {
  expect(await app.stop()).toBe(0);
  await database.drop();
});

async function login(slug: string): Promise<string> {
  const response = await fetch(`${app.base}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ tenant: slug, email: `admin@${slug}.example`, password: "divanco-demo" }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { token: string }).token;
}

const tenant = (number: string) => `00000001-000${number}-4000-8000-000000000000`;
const asset = (number: string) => `00000006-000${number}-4000-8000-000000000001`;
const get = (path: string, token: string, tenantId: string) =>
  fetch(`${app.base}/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}`, "x-tenant-id": tenantId },
  });

test("/health tells status, version, digest and guard", async () => {
  const health = await (await fetch(`${app.base}/health`)).json();
  expect(health).toMatchObject({
    status: "ok",
    version: "1.2.3",
    digest: "sha256:abc",
    guard: { mode: "strict" },
  });
  expect((health as { guard: { models: number } }).guard.models).toBeGreaterThan(10);
  expect(await (await fetch(`${app.base}/metrics`)).text()).toMatch(/# TYPE \w+ counter/);
});

test("the plan's two curl calls: own tenant 200, another tenant's header 403", async () => {
  const token = await login("summit-rentals");
  const own = await get("/assets", token, tenant("1"));
  expect(own.status).toBe(200);
  expect((await get("/assets", token, tenant("2"))).status).toBe(403);
  expect((await get(`/assets/${asset("1")}`, token, tenant("1"))).status).toBe(200);
  expect((await get(`/assets/${asset("2")}`, token, tenant("1"))).status).toBe(404);
  expect((await fetch(`${app.base}/api/v1/assets`)).status).toBe(401);
});

test("the guard's mode obeys the environment, and /health shows it", async () => {
  const warned = await startExample(database.url, { TENANT_GUARD_MODE: "warn" });
  expect(await (await fetch(`${warned.base}/health`)).json()).toMatchObject({ guard: { mode: "warn" } });
  expect(await warned.stop()).toBe(0);
  await expect(startExample(database.url, { TENANT_GUARD_MODE: "lax" })).rejects.toThrow(
    /TENANT_GUARD_MODE is "lax"/,
  );
});
