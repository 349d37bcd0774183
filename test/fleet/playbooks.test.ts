import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { playbookFolder } from "../../src/adapters/ansible/run.js";
import { FleetRig } from "../support/fleet.js";
import { buildArtifact } from "../support/fleet-application.js";

// Ansible is slow where others use the machine.
vi.setConfig({ testTimeout: 240_000 });

const playbooks = readdirSync(playbookFolder).filter((name) => name.endsWith(".yml"));
let rig: FleetRig;

beforeAll(async () => {
  rig = await FleetRig.start(1);
});

afterAll(() => rig?.stop());

function ansible(program: string, ...words: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    execFile(program, words, { cwd: playbookFolder, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

test("all of them, and their roles, pass ansible-lint's production profile", async () => {
  const roles = readdirSync(join(playbookFolder, "roles")).map((name) => join("roles", name));
  const { code, output } = await ansible(
    "ansible-lint",
    ...["--offline", "--strict", "--nocolor", "--profile", "production", ...playbooks, ...roles],
  );
  expect(output).not.toMatch(/violation/);
  expect(code).toBe(0);
});

test("there are those that people know from the plan, and more", () => {
  expect(playbooks.sort()).toEqual([
    "deploy-canary.yml",
    "deploy-production.yml",
    "partial-rollback.yml",
    "rollback.yml",
    "status.yml",
  ]);
});

describe("by hand", () => {
  const play = (name: string, ...words: readonly string[]) =>
    ansible("ansible-playbook", "--inventory", rig.inventory, join(playbookFolder, name), ...words);

  test.each(["deploy-canary.yml", "deploy-production.yml", "rollback.yml", "partial-rollback.yml"])(
    "%s changes nothing where nobody said which hosts",
    async (name) => {
      const { code, output } = await play(name, "--extra-vars", "version=1.0.0 mode=warn");
      expect(code).not.toBe(0);
      expect(output).toContain("say which hosts are meant");
    },
  );

  test("a version that is a path is refused", async () => {
    const { output } = await play(
      "deploy-canary.yml",
      "--limit",
      "web1",
      "--extra-vars",
      "version=../../etc",
    );
    expect(output).toContain("say which version");
  });

  test("--check changes nothing; then the release is deployed with version and --limit alone", async () => {
    const { path } = buildArtifact(join(rig.folder, "artifacts"), "1.0.0");
    const words = ["--limit", "web1", "--extra-vars", "version=1.0.0 fleet_script=server.mjs fleet_stable=1"];
    const artifact = ["--extra-vars", `fleet_artifact=${path}`];
    const check = await play("deploy-production.yml", ...words, ...artifact, "--check");
    expect(check.output).toMatch(/failed=0/);
    expect(readdirSync(rig.hosts[0]!.root)).toEqual([]);
    const real = await play("deploy-production.yml", ...words, ...artifact);
    expect(real.output).toMatch(/failed=0/);
    expect(await rig.health(rig.hosts[0]!)).toMatchObject({ version: "1.0.0" });
    const again = await play("deploy-production.yml", ...words, ...artifact, "--check");
    expect(again.output).toMatch(/changed=0 .*failed=0/);
  });
});
