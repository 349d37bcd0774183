import { expect, test } from "vitest";
import { pairsOf } from "../../../src/isolation/index.js";

const tenant = (name: string, token: string | undefined = `token of ${name}`) => ({
  name,
  tenantId: `id of ${name}`,
  token,
});
const named = (pairs: ReturnType<typeof pairsOf>) =>
  pairs.map(({ attacker, victim }) => `${attacker.name} against ${victim.name}`);

test("of two tenants the first tries for the second's data", () => {
  expect(named(pairsOf([tenant("a"), tenant("b")]))).toEqual(["a against b"]);
});

test("of more, each is once on either side", () => {
  const pairs = named(pairsOf(["a", "b", "c", "d"].map((name) => tenant(name))));
  expect(pairs).toEqual(["a against b", "b against c", "c against d", "d against a"]);
});

test("who has no token tries for nothing, and is tried for by another", () => {
  const silent = { ...tenant("b"), token: undefined };
  const pairs = named(pairsOf([tenant("a"), silent, tenant("c")]));
  expect(pairs).toEqual(["a against b", "a against c", "c against a"]);
});
