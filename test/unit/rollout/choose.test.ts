import { describe, expect, test } from "vitest";
import { chooseCanary, planWaves } from "../../../src/rollout/choose.js";

const fleet = (count: number, zones: readonly string[] = []) =>
  Array.from({ length: count }, (_, index) => ({
    name: `web${index + 1}`,
    zone: zones.length ? zones[index % zones.length] : undefined,
  }));
const names = (hosts: readonly { readonly name: string }[]) => hosts.map(({ name }) => name);

describe("canary", () => {
  test.each([
    [1, 10, 1],
    [2, 10, 1],
    [2, 99, 1],
    [9, 10, 1],
    [10, 10, 1],
    [11, 10, 2],
    [100, 10, 10],
    [100, 0.5, 1],
    [0, 10, 0],
  ])("of %i hosts %d %%: %i", (count, percent, expected) => {
    expect(chooseCanary(fleet(count), percent, "sha256:a")).toHaveLength(expected);
  });

  test("is the same whatever the inventory's order, and another for another release", () => {
    const hosts = fleet(30);
    const first = names(chooseCanary(hosts, 10, "sha256:a"));
    expect(names(chooseCanary([...hosts].reverse(), 10, "sha256:a"))).toEqual(first);
    const others = ["b", "c", "d"].map((seed) => names(chooseCanary(hosts, 10, `sha256:${seed}`)));
    expect(others.some((each) => each.join() !== first.join())).toBe(true);
  });

  test("keeps its hosts as the share grows", () => {
    const hosts = fleet(30, ["a", "b"]);
    const few = names(chooseCanary(hosts, 10, "x"));
    expect(names(chooseCanary(hosts, 30, "x")).slice(0, few.length)).toEqual(few);
  });

  test("is spread over the zones", () => {
    const canaries = chooseCanary(fleet(30, ["a", "b", "c"]), 10, "x");
    expect(canaries.map(({ zone }) => zone).sort()).toEqual(["a", "b", "c"]);
  });
});

describe("waves", () => {
  test("have each host once, grow, and stay within bounds", () => {
    const hosts = fleet(10, ["a", "b"]);
    const waves = planWaves(hosts, 3, "x");
    expect(waves.map(({ length }) => length)).toEqual([1, 2, 3, 3, 1]);
    expect(names(waves.flat()).sort()).toEqual(names(hosts).sort());
    expect(new Set(waves[1]!.map(({ zone }) => zone))).toEqual(new Set(["a", "b"]));
  });

  test("of nobody: none", () => {
    expect(planWaves([], 3, "x")).toEqual([]);
  });
});
