import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { deployTo, type Fleet, type FleetHost, readHosts, settleFleet } from "../../src/rollout/index.js";
import { FleetRig, freePorts } from "../support/fleet.js";
import { buildArtifact } from "../support/fleet-application.js";
import { type SshServer, startSshd } from "../support/sshd.js";

// Ansible is slow where others use the machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const options = { env: process.env };
let rig: FleetRig;
let servers: SshServer[];
let fleet: Fleet;
let hosts: FleetHost[];

beforeAll(async () => {
  rig = await FleetRig.start(2);
  const [port] = await freePorts(1);
  servers = await Promise.all(
    rig.hosts.map(({ name }, index) => startSshd(join(rig.folder, name), `127.0.0.${index + 2}`, port!)),
  );
  rig.writeInventory([], servers);
  writeFileSync(join(rig.folder, "ansible.cfg"), "[ssh_connection]\nretries = 0\n");
  fleet = settleFleet(
    {
      ...{ inventory: rig.inventory, group: "app", stable: 0.5, pm2: { script: "server.mjs" } },
      health: { url: "http://127.0.0.1:{port}/health" },
    },
    rig.folder,
    (value) => value,
  );
  hosts = await readHosts(fleet, options);
});

afterAll(async () => {
  await Promise.all((servers ?? []).map((server) => server.stop()));
  await rig?.stop();
});

test("a release reaches hosts over SSH; a host whose SSH is gone is unknown, though it goes on serving", async () => {
  const first = buildArtifact(join(rig.folder, "artifacts"), "1.0.0");
  const all = await deployTo(fleet, hosts, first, { ...options, playbook: "canary", artifact: first.path });
  expect(all.results.map(({ state, reason }) => [state, reason])).toEqual([
    ["converged", undefined],
    ["converged", undefined],
  ]);
  await servers[1]!.stop();
  const second = buildArtifact(join(rig.folder, "artifacts"), "1.1.0");
  const one = await deployTo(fleet, hosts, second, {
    ...options,
    playbook: "production",
    artifact: second.path,
  });
  expect(one.results.map(({ state }) => state)).toEqual(["converged", "unknown"]);
  expect(one.results[1]!.answer.health).toMatchObject({ state: "healthy", version: "1.0.0" });
});
