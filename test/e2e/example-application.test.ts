import { expect, test } from "vitest";
import { startExample, useExample } from "../support/example.js";
import { signIn } from "../support/example-caller.js";

const example = useExample({ APP_VERSION: "1.2.3", APP_DIGEST: "sha256:abc" });

const tenant = (number: string) => `00000001-000${number}-4000-8000-000000000000`;
const asset = (number: string) => `00000006-000${number}-4000-8000-000000000001`;
const get = (path: string, token: string, tenantId: string) =>
  fetch(`${example.app.base}/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}`, "x-tenant-id": tenantId },
  });

test("/health tells status, version, digest and guard", async () => {
  const health = await (await fetch(`${example.app.base}/health`)).json();
  expect(health).toMatchObject({
    status: "ok",
    version: "1.2.3",
    digest: "sha256:abc",
    guard: { mode: "strict" },
  });
  expect((health as { guard: { models: number } }).guard.models).toBeGreaterThan(10);
  expect(await (await fetch(`${example.app.base}/metrics`)).text()).toMatch(/# TYPE \w+ counter/);
});

test("the plan's two curl calls: own tenant 200, another tenant's header 403", async () => {
  const token = (await signIn(example.app.base, "summit-rentals")).token;
  const own = await get("/assets", token, tenant("1"));
  expect(own.status).toBe(200);
  expect((await get("/assets", token, tenant("2"))).status).toBe(403);
  expect((await get(`/assets/${asset("1")}`, token, tenant("1"))).status).toBe(200);
  expect((await get(`/assets/${asset("2")}`, token, tenant("1"))).status).toBe(404);
  expect((await fetch(`${example.app.base}/api/v1/assets`)).status).toBe(401);
});

test("the guard's mode obeys the environment, and /health shows it", async () => {
  const warned = await startExample(example.database.url, { TENANT_GUARD_MODE: "warn" });
  expect(await (await fetch(`${warned.base}/health`)).json()).toMatchObject({ guard: { mode: "warn" } });
  expect(await warned.stop()).toBe(0);
  await expect(startExample(example.database.url, { TENANT_GUARD_MODE: "lax" })).rejects.toThrow(
    /TENANT_GUARD_MODE is "lax"/,
  );
});
