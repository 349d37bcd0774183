import { describe, expect, test } from "vitest";
import {
  type AnsibleConnection,
  inventoryCommand,
  playbookCommand,
} from "../../../src/adapters/ansible/command.js";
import { hostsOfGroup } from "../../../src/adapters/ansible/inventory.js";
import { readOutcomes } from "../../../src/adapters/ansible/results.js";

const plain: AnsibleConnection = {
  inventory: ["/etc/fleet/inventory.ini"],
  vaultPasswordFiles: [],
  become: false,
  privateKey: undefined,
  bastion: undefined,
  sshArguments: undefined,
  forks: undefined,
  arguments: [],
};
const run = { playbook: "/p/deploy-canary.yml", hosts: ["web1", "web2"] };

describe("the words that run a playbook", () => {
  test("name the hosts, and the variables by a file", () => {
    expect(playbookCommand(plain, run, "/tmp/x/variables.json")).toEqual([
      "ansible-playbook",
      ...["--inventory", "/etc/fleet/inventory.ini", "--limit", "web1,web2", "--forks", "5"],
      ...["--extra-vars", "@/tmp/x/variables.json", "/p/deploy-canary.yml"],
    ]);
  });

  test("pass everything through that reaches the hosts", () => {
    const connection: AnsibleConnection = {
      inventory: ["/i1", "/i2"],
      vaultPasswordFiles: ["/v"],
      become: "deploy",
      privateKey: "/k",
      bastion: "ops@bastion:2222",
      sshArguments: "-o ServerAliveInterval=5",
      forks: 20,
      arguments: ["--diff"],
    };
    expect(playbookCommand(connection, { ...run, isCheck: true }, undefined)).toEqual([
      "ansible-playbook",
      ...["--inventory", "/i1", "--inventory", "/i2", "--vault-password-file", "/v", "--limit", "web1,web2"],
      ...["--become", "--become-user", "deploy", "--private-key", "/k"],
      "--ssh-common-args=-o ProxyJump=ops@bastion:2222 -o ServerAliveInterval=5",
      ...["--forks", "20", "--check", "--diff", "/p/deploy-canary.yml"],
    ]);
    expect(inventoryCommand(connection)).toEqual([
      "ansible-inventory",
      ...["--inventory", "/i1", "--inventory", "/i2", "--vault-password-file", "/v", "--list"],
    ]);
  });

  test("work on all planned hosts at once unless told otherwise", () => {
    const hosts = Array.from({ length: 12 }, (_, index) => `h${index}`);
    expect(playbookCommand(plain, { ...run, hosts }, undefined).join(" ")).toContain("--forks 12");
  });
});

describe("outcomes by host", () => {
  const line = (data: object) => `${JSON.stringify(data)}\n`;
  const counts = { ok: 3, failures: 0, unreachable: 0, rescued: 0 };
  const end = (hosts: object, facts = {}) => line({ event: "end", hosts, facts });

  test("every planned host stands there once, and who was not planned is named", () => {
    const text = end({ a: counts, z: counts }, { a: { fleet: { current: "1" } } });
    expect(readOutcomes(text, ["a", "b", "a"])).toEqual({
      hosts: [
        { host: "a", outcome: "ok", rescued: 0, facts: { fleet: { current: "1" } } },
        { host: "b", outcome: "absent", rescued: 0, reason: "the playbook did not run on it" },
      ],
      unplanned: ["z"],
    });
  });

  test("the last failure is the reason, and a caught one is counted", () => {
    const text =
      line({ event: "failed", host: "a", task: "t1", message: "first" }) +
      line({ event: "failed", host: "a", task: "t2", message: "second" }) +
      line({ event: "unreachable", host: "b", task: "t1", message: "no route" }) +
      end({ a: { ...counts, failures: 1, rescued: 1 }, b: { ...counts, unreachable: 1 } });
    expect(readOutcomes(text, ["a", "b"]).hosts).toEqual([
      { host: "a", outcome: "failed", task: "t2", reason: "second", rescued: 1 },
      { host: "b", outcome: "unreachable", task: "t1", reason: "no route", rescued: 0 },
    ]);
  });

  test("nothing is ok where Ansible did not come to its end", () => {
    const text = `${line({ event: "ok", host: "a", task: "t1" })}{"event":"ok","ho`;
    expect(readOutcomes(text, ["a"]).hosts[0]).toMatchObject({ outcome: "absent" });
    expect(readOutcomes(line({ event: "no hosts matched" }) + end({}), ["a"]).hosts[0]).toMatchObject({
      outcome: "absent",
    });
  });
});

describe("the inventory", () => {
  const text = JSON.stringify({
    _meta: {
      hostvars: {
        web1: { ansible_host: "10.0.0.1", zone: "a", port: 3000, secret: "{{ vault }}", list: [1] },
      },
    },
    all: { children: ["ungrouped", "app"] },
    app: { children: ["north", "south", "hollow"] },
    north: { hosts: ["web1", "web2"] },
    south: { hosts: ["web2", "web3"] },
  });

  test("has the hosts of a group and of those below it once, with plain variables", () => {
    const hosts = hostsOfGroup(text, "app")!;
    expect(hosts.map(({ name }) => name)).toEqual(["web1", "web2", "web3"]);
    expect(hosts[0]).toEqual({
      name: "web1",
      address: "10.0.0.1",
      variables: { ansible_host: "10.0.0.1", zone: "a", port: 3000 },
    });
    expect(hosts[1]!.address).toBe("web2");
  });

  test("an empty group is one without hosts; another name is none", () => {
    expect(hostsOfGroup(text, "hollow")).toEqual([]);
    expect(hostsOfGroup(text, "nobody")).toBeUndefined();
  });
});
