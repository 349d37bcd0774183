import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { FleetReading } from "../../src/findings/fleet.js";
import { deployTo, type Fleet, type FleetHost, readHosts, settleFleet } from "../../src/rollout/index.js";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { FleetRig } from "../support/fleet.js";
import { buildArtifact } from "../support/fleet-application.js";

// Ansible is slow where others use the machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let rig: FleetRig;
let fleet: Fleet;
let hosts: FleetHost[];
const section = { group: "app", pm2: { script: "server.mjs" }, stable: 0.5, inventory: "inventory.ini" };

beforeAll(async () => {
  rig = await FleetRig.start(2);
  writeFileSync(join(rig.folder, "tenantctl.config.json"), JSON.stringify({ app: "rental", fleet: section }));
  fleet = settleFleet(section, rig.folder, (value) => value);
  hosts = await readHosts(fleet, { env: process.env });
  await deploy("1.0.0", hosts);
});

afterAll(() => rig?.stop());

async function deploy(version: string, to: readonly FleetHost[]): Promise<void> {
  const artifact = buildArtifact(join(rig.folder, "artifacts"), version);
  const options = { env: process.env, playbook: "canary", artifact: artifact.path } as const;
  const { results } = await deployTo(fleet, to, artifact, options);
  expect(results.map(({ state }) => state)).toEqual(to.map(() => "converged"));
}

const status = (...words: readonly string[]) =>
  tenantctlJson(["deploy", "status", ...words], { cwd: rig.folder });

test("one release everywhere passes; another one that was wanted does not", async () => {
  const same = await status();
  expect(same.code).toBe(0);
  const reading = same.report.checks[0]!.facts as unknown as FleetReading;
  expect(reading).toMatchObject({ wanted: { version: "1.0.0" }, isAssumed: true });
  expect(reading.hosts).toMatchObject([
    { host: "web1", zone: "a", state: "converged", version: "1.0.0", guard: "strict", previous: null },
    { host: "web2", zone: "b", state: "converged", version: "1.0.0" },
  ]);
  expect(reading.hosts[0]!.processes).toMatchObject([{ status: "online", release: "1.0.0" }]);
  const other = await status("2.0.0", "--limit", "web2");
  expect(other.code).toBe(1);
  expect(other.report.checks[0]!.findings).toMatchObject([
    { rule: "rollout/host-on-another-release", subject: { host: "web2" } },
  ]);
});

test("hosts on two releases fail, and the table shows which fits 80 columns", async () => {
  await deploy("1.1.0", hosts.slice(1));
  const { code, stdout } = await tenantctl(["deploy", "status", "1.1.0"], { cwd: rig.folder });
  expect(code).toBe(1);
  expect(stdout).toMatch(/web1 +a +old +1\.0\.0 +strict/);
  expect(stdout).toMatch(/web2 +b +converged +1\.1\.0 +strict .* 1\.0\.0/);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("a host that does not answer is unknown: exit code 3, and 1 where another fails", async () => {
  rig.writeInventory(["web1"]);
  try {
    const alone = await status("1.1.0");
    expect(alone.code).toBe(3);
    expect(alone.report.checks[0]!.reason).toMatch(/what web1 serves is unknown: unreachable/);
    await rig.pm2(rig.hosts[1]!, "stop", "app");
    const both = await status("1.1.0");
    expect(both.code).toBe(1);
    expect(both.report.checks[0]!.findings).toMatchObject([{ rule: "rollout/host-not-serving" }]);
  } finally {
    rig.writeInventory();
  }
});

test.each([
  [["--group", "empty"], "the inventory has no host in group empty"],
  [["--limit", "web7"], "the fleet has no host web7"],
])("%j: wrong usage", async (words, message) => {
  const { code, report } = await status(...words);
  expect(code).toBe(64);
  expect(report.error!.message).toContain(message);
});
