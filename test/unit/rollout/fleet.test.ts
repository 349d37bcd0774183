import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { settleFleet } from "../../../src/rollout/fleet/fleet.js";
import { type FleetHost, healthUrlOf, hostsNamed } from "../../../src/rollout/fleet/hosts.js";
import type { FleetSection } from "../../../src/rollout/fleet/section.js";
import { textAt } from "../../../src/rollout/truth/health.js";

const settle = (section: FleetSection = {}) =>
  settleFleet({ inventory: "inventory.ini", ...section }, "/project", (value) =>
    value.replace("env:", "value of "),
  );

const host = (name: string, variables: FleetHost["variables"] = {}): FleetHost => ({
  ...{ name, address: String(variables.ansible_host ?? name), variables },
  zone: undefined,
});

describe("the section of config", () => {
  test("gets absolute paths, and our playbooks where it names none", () => {
    const fleet = settle({
      inventory: ["inventory.ini", "web1,web2,"],
      privateKey: "keys/id",
      vaultPasswordFiles: ["vault"],
      playbooks: { rollback: "ops/back.yml" },
    });
    expect(fleet.connection).toMatchObject({
      inventory: ["/project/inventory.ini", "web1,web2,"],
      privateKey: "/project/keys/id",
      vaultPasswordFiles: ["/project/vault"],
    });
    expect(fleet.playbooks.rollback).toBe("/project/ops/back.yml");
    for (const name of ["canary", "production", "partialRollback", "status"] as const)
      expect(existsSync(fleet.playbooks[name]), name).toBe(true);
  });

  test("tells playbooks what it says and nothing else, so that the inventory may say the rest", () => {
    expect(settle().variables).toEqual({ fleet_health: "http://127.0.0.1:{port}/health" });
    const { variables } = settle({
      port: 3000,
      pm2: { process: "api", home: "/srv/pm2" },
      environment: { DATABASE_URL: "env:DB", WORKERS: 2 },
      health: { url: "https://{host}.example:8443/api/health" },
      variables: { region: "eu" },
    });
    expect(variables).toEqual({
      // Of the inventory is what a host has of its own: an extra variable would win over it.
      fleet_default_port: 3000,
      fleet_process: "api",
      fleet_programs_environment: { PM2_HOME: "/srv/pm2" },
      fleet_environment: { DATABASE_URL: "value of DB", WORKERS: "2" },
      fleet_health: "http://127.0.0.1:{port}/api/health",
      region: "eu",
    });
  });

  test("without an inventory: refused", () => {
    expect(() => settleFleet({}, "/project", (value) => value)).toThrow("config names no inventory");
  });
});

describe("a host's health URL", () => {
  test("has its address, its own port first, and any variable", () => {
    const fleet = settle({ port: 3000, health: { url: "http://{host}:{port}/{zone}/health" } });
    const variables = { ansible_host: "10.0.0.1", zone: "a" };
    expect(healthUrlOf(fleet, host("web1", variables))).toBe("http://10.0.0.1:3000/a/health");
    expect(healthUrlOf(fleet, host("web1", { ...variables, port: 4000 }))).toContain(":4000/");
  });

  test("that the inventory lacks something for is an error that names it", () => {
    expect(() => healthUrlOf(settle(), host("web1"))).toThrow("host web1 has no port");
  });
});

test("hosts are named exactly, each once", () => {
  const hosts = [host("web1"), host("web2")];
  expect(hostsNamed(hosts, ["web2", "web2", "web1"]).map(({ name }) => name)).toEqual(["web2", "web1"]);
  expect(() => hostsNamed(hosts, ["web3"])).toThrow("the fleet has no host web3");
});

test("a version stands in a field, or at a JSON pointer", () => {
  const body = { version: 7, build: { "a/b": "x" }, list: ["y"] };
  expect(textAt(body, "version")).toBe("7");
  expect(textAt(body, "/build/a~1b")).toBe("x");
  expect(textAt(body, "/list/0")).toBe("y");
  for (const place of ["build", "/none/x", "constructor"]) expect(textAt(body, place)).toBeUndefined();
});
