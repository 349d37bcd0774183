import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type ActionEnd,
  askHosts,
  deployTo,
  type Fleet,
  type FleetHost,
  hostsNamed,
  judgeHost,
  readHosts,
  rollBack,
  rollbackTargets,
  setGuard,
  settleFleet,
} from "../../src/rollout/index.js";
import { FleetRig } from "../support/fleet.js";
import { type Artifact, buildArtifact, type Variant } from "../support/fleet-application.js";

// Ansible is slow where others use the machine.
vi.setConfig({ testTimeout: 240_000 });

const options = { env: process.env };
let rig: FleetRig;
let fleet: Fleet;
let hosts: FleetHost[];

beforeAll(async () => {
  rig = await FleetRig.start(3);
  fleet = fleetOf("app");
  hosts = await readHosts(fleet, options);
});

afterAll(() => rig?.stop());

function fleetOf(group: string): Fleet {
  const pm2 = { process: "rental-api", script: "server.mjs", listenTimeout: 8, killTimeout: 2 };
  return settleFleet(
    { inventory: rig.inventory, group, pm2, stable: 1, keep: 2, environment: { APP_SECRET: "env:X" } },
    rig.folder,
    () => "told to nobody",
  );
}

function build(version: string, variant?: Variant): Artifact {
  return buildArtifact(join(rig.folder, "artifacts"), version, variant);
}

function deploy(artifact: Artifact, names: readonly string[]): Promise<ActionEnd> {
  return deployTo(fleet, hostsNamed(hosts, names), artifact, {
    ...options,
    playbook: "canary",
    artifact: artifact.path,
  });
}

const statesOf = ({ results }: ActionEnd) => results.map(({ host, state }) => [host, state]);
const everyone = ["web1", "web2", "web3"];

describe("a release that works", () => {
  test("is served by every host, and by each host's own processes", async () => {
    const end = await deploy(build("1.0.0"), everyone);
    expect(end.results.map(({ reason }) => reason)).toEqual([undefined, undefined, undefined]);
    expect(statesOf(end)).toEqual(everyone.map((name) => [name, "converged"]));
    expect(end.unplanned).toEqual([]);
    expect(await rig.health(rig.hosts[1]!)).toMatchObject({ version: "1.0.0", secretIsSet: true });
    expect(JSON.stringify(end)).not.toContain("told to nobody");
  });

  test("replaces the processes of the one before, which stays on the disk", async () => {
    const before = await askHosts(fleet, hosts, options);
    const end = await deploy(build("1.1.0"), everyone);
    expect(statesOf(end)).toEqual(everyone.map((name) => [name, "converged"]));
    for (const [index, { answer }] of end.results.entries()) {
      expect(answer.facts).toMatchObject({ current: "1.1.0", previous: "1.0.0" });
      const pids = before[index]!.facts!.processes.map(({ pid }) => pid);
      expect(pids).toHaveLength(1);
      expect(answer.facts!.processes.map(({ pid }) => pid)).not.toEqual(pids);
    }
  });
});

describe("a release that does not work leaves each host with what it served", () => {
  const faults: readonly [Variant, string, RegExp][] = [
    ["crashes", "web1", /not switched: the release ended by itself \(exit code 1\)/],
    ["never ready", "web2", /not switched: the release sent no ready within 8 s/],
    ["fails after ready", "web3", /not switched: it served 1\.2\.2 and then failed|ended by itself/],
    ["serves another version", "web1", /not switched: .* reports version 0\.0\.1, not 1\.2\.3/],
    ["crashes in place", "web2", /not proven: .* does not answer/],
    ["never ready in place", "web3", /not proven: .* does not answer/],
  ];
  test.each([
    ["beside the old one", faults.slice(0, 3)],
    ["its version, and in its place", faults.slice(3)],
  ])("%s", async (_, some) => {
    const ends = await Promise.all(
      some.map(([variant, host]) =>
        deploy(build(`1.2.${faults.findIndex(([each]) => each === variant)}`, variant), [host]),
      ),
    );
    for (const [index, [, host, reason]] of some.entries()) {
      expect(statesOf(ends[index]!)).toEqual([[host, "old"]]);
      expect(ends[index]!.results[0]!.reason).toMatch(reason);
      expect(ends[index]!.results[0]!.release?.version).toBe("1.1.0");
    }
    for (const host of rig.hosts) expect(await rig.health(host)).toMatchObject({ version: "1.1.0" });
  });

  test("an artifact that is not what was built is not unpacked", async () => {
    const artifact = build("1.3.0");
    appendFileSync(artifact.path, "x");
    const end = await deploy(artifact, ["web1"]);
    expect(statesOf(end)).toEqual([["web1", "old"]]);
    expect(end.results[0]!.reason).toMatch(/the artifact of 1\.3\.0 is not what was built/);
    expect(Object.keys(end.results[0]!.answer.facts!.releases)).not.toContain("1.3.0");
  });
});

test("a host that does not answer is unknown, and the others go on", async () => {
  rig.writeInventory(["web2"]);
  try {
    const end = await deploy(build("1.4.0"), ["web1", "web2"]);
    expect(statesOf(end)).toEqual([
      ["web1", "converged"],
      ["web2", "unknown"],
    ]);
    expect(end.results[1]!.playbook.outcome).toBe("unreachable");
    expect(end.results[1]!.reason).toMatch(/^unreachable: /);
  } finally {
    rig.writeInventory();
  }
});

test("a host goes back to its own release before, from its disk, and only once", async () => {
  const answers = await askHosts(fleet, hosts, options);
  const targets = rollbackTargets(answers);
  expect([...targets].map(([host, { version }]) => [host, version])).toEqual([
    ["web1", "1.1.0"],
    ["web2", "1.0.0"],
    ["web3", "1.0.0"],
  ]);
  const first = await rollBack(fleet, hosts, targets, options);
  expect(statesOf(first)).toEqual(everyone.map((name) => [name, "converged"]));
  const second = await rollBack(fleet, hosts.slice(0, 1), targets, options);
  expect(statesOf(second)).toEqual([["web1", "converged"]]);
  expect(second.results[0]!.answer.facts).toEqual(first.results[0]!.answer.facts);
});

test("a release whose digest on the disk is another one is not gone back to", async () => {
  const targets = new Map([["web1", { version: "1.4.0", digest: `sha256:${"0".repeat(64)}` }]]);
  const end = await rollBack(fleet, hosts.slice(0, 1), targets, options);
  expect(statesOf(end)).toEqual([["web1", "old"]]);
  expect(end.results[0]!.reason).toMatch(/no release to go back to/);
});

test("the guard is switched to warn and back, and the host shows it", async () => {
  for (const mode of ["warn", "strict"] as const) {
    const end = await setGuard(fleet, hosts.slice(1, 2), mode, options);
    expect(statesOf(end)).toEqual([["web2", "converged"]]);
    expect(await rig.health(rig.hosts[1]!)).toMatchObject({
      guard: mode,
      version: "1.0.0",
      secretIsSet: true,
    });
  }
});

test("a process that died since is a failure of its host", async () => {
  await rig.pm2(rig.hosts[2]!, "stop", "rental-api");
  const [answer] = await askHosts(fleet, hosts.slice(2), options);
  const judged = judgeHost(answer!, { version: "1.0.0", digest: undefined });
  expect(judged).toMatchObject({
    state: "failed",
    reason: expect.stringMatching(/1 of 1 processes are stopped/),
  });
});

test.each(["empty", "app2"])("nobody in group %s: refused", async (group) => {
  await expect(readHosts(fleetOf(group), options)).rejects.toThrow(
    `the inventory has no host in group ${group}`,
  );
});
