import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { root } from "../../scripts/prepare.mjs";
import { alternate, runNode, tenantctl } from "../measure.mjs";

/** Milliseconds that a request to a list of the example takes on this kind of machine. */
const exampleLatency = 8;
const requests = 8000;
const connections = 32;
const attacker = { name: "a", tenantId: "tenant-a-8f41", token: "token-a" };
const victim = { name: "b", tenantId: "tenant-b-c703", token: "token-b" };

/** Memory of the checks that were measured, in MB. */
const peaks = [];

/** The probe that sends both tenants' requests at once, parsing each answer, against a load generator that does not. */
export const bleedCase = {
  name: `isolation check, ${requests} requests of both tenants at once`,
  peer: `autocannon, as many on as many connections`,
  limit: 1 / 0.8,
  run: ({ rounds }) =>
    withServer(0, async (base) => {
      const { HttpClient } = await import("../../dist/adapters/http/client.js");
      const { Wire } = await import("../../dist/isolation/wire.js");
      const { openScene } = await import("../../dist/isolation/open-scene.js");
      const { contextBleed } = await import("../../dist/isolation/probes/context-bleed.js");
      const client = new HttpClient({ connections, timeout: 10_000, bodyLimit: 2 ** 20 });
      const binding = { tenantHeader: "X-Tenant-ID", tokenHeader: "Authorization", tokenScheme: "Bearer" };
      const wire = new Wire(client, binding);
      const scene = await openScene(wire, { method: "GET", url: `${base}/thingsa` }, attacker, victim);
      const result = await alternate(
        rounds,
        async () => {
          const start = performance.now();
          const { leaks, unsure } = await contextBleed.attempt({ ...scene, crowd: requests }, wire);
          if (leaks.length > 0 || unsure) throw new Error("the server is sound");
          return performance.now() - start;
        },
        () => cannonade(`${base}/thingsa`),
      );
      await client.close();
      return result;
    }),
};

/** A check of 100 routes at the example's latency. */
export const hundredRoutesCase = {
  name: `isolation check, 100 routes of ${exampleLatency} ms, whole command`,
  peer: "one minute",
  limit: 1,
  run: () =>
    withServer(exampleLatency, async (base) => {
      const { ms, code, megabytes, stderr } = await runNode(
        [tenantctl, "isolation", "check", "--openapi", `${base}/openapi.json`, "--base-url", base, "--json"],
        {
          cwd: mkdtempSync(join(tmpdir(), "tenantctl-bench-")),
          watchMemory: true,
          env: {
            PATH: process.env.PATH,
            TENANT_A: attacker.tenantId,
            TOKEN_A: attacker.token,
            TENANT_B: victim.tenantId,
            TOKEN_B: victim.token,
          },
        },
      );
      if (code !== 0) throw new Error(`a sound API ended with ${code}: ${stderr}`);
      peaks.push(megabytes);
      return { ours: ms, peer: 60_000 };
    }),
};

/** The memory of that check. */
export const isolationMemoryCase = {
  name: "isolation check, 100 routes, memory at the peak",
  peer: "200 MB",
  unit: "MB",
  limit: 1,
  async run() {
    if (peaks.length === 0) throw new Error("it measures the check of 100 routes: run that with it");
    return { ours: Math.max(...peaks), peer: 200 };
  },
};

async function cannonade(url) {
  const start = performance.now();
  const headers = { authorization: "Bearer token-a", "x-tenant-id": attacker.tenantId };
  const { errors, non2xx } = await autocannon({ url, headers, connections, amount: requests });
  if (errors + non2xx > 0) throw new Error(`autocannon: ${errors} errors, ${non2xx} refused`);
  return performance.now() - start;
}

async function withServer(latency, work) {
  const server = spawn(process.execPath, [join(root, "bench", "isolation-server.mjs"), String(latency)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [base] = await once(server.stdout, "data");
  try {
    return await work(String(base).trim());
  } finally {
    server.kill();
    await once(server, "exit");
  }
}
