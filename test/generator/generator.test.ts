import { expect, test } from "vitest";
import type { Resource } from "./description.js";
import { spell } from "./fields.js";
import { attackOf } from "./hand/attacks.js";
import type { Client } from "./hand/client.js";
import { bodyFor, listAll, make, objectIn, reread, retitle, titlesOf, unknownId } from "./hand/objects.js";
import { openScene } from "./hand/scene.js";
import { generateApi, leakRules, leakVariants } from "./index.js";

const titled = leakVariants.map((each) => [each.rule, each.variant] as const);
const seedsOf = (index: number) => [1000 + index, 2000 + index];

// Most of the time is waiting for copies that are behind, so several wait at once.
test.concurrent.for(titled)(
  "%s, %s: A gets it where it is planted, and not from the sound twin",
  async ([rule, variant], context) => {
    for (const seed of seedsOf(titled.findIndex((each) => each[1] === variant && each[0] === rule))) {
      const api = generateApi(seed, { leakOf: rule, variant });
      const attack = attackOf(rule, variant);
      expect(await attack(await openScene(api, context)), `seed ${seed}, planted`).toBe(true);
      const twin = { ...api, leak: undefined };
      expect(await attack(await openScene(twin, context, api.leak!.resource)), `seed ${seed}, sound`).toBe(
        false,
      );
    }
  },
);

const soundSeeds = Array.from({ length: 40 }, (_, index) => index + 1);

test.concurrent.for(soundSeeds)(
  "seed %i without a leak: answers as its document says, and to its own tenant only",
  async (seed, context) => {
    const scene = await openScene(generateApi(seed, { isSound: true }), context);
    const { api, a, b, nobody } = scene;
    for (const resource of api.resources) {
      const own = await make(a, resource);
      const theirs = await make(b, resource);
      const name = spell(api, resource.title);
      expect((await reread(a, own))?.[name]).toBe(own.title);
      expect(await listedBy(a, own)).toContain(own.title);
      expect(await listedBy(a, own)).not.toContain(theirs.title);
      const refused = await nobody.send("list", resource, { parameters: own.parameters });
      expect(refused.status).toBe(api.denial.isEverything ? 404 : 401);
      // An id that counts per tenant names an object of A's own, or none.
      const foreign = await a.send("read", resource, { parameters: theirs.parameters });
      expect(foreign.text).not.toContain(theirs.title);
      const unknown = { ...own.parameters, [resource.idParameter]: unknownId(resource) };
      expect((await a.send("read", resource, { parameters: unknown })).status).toBe(api.denial.status);
      if (resource.update) {
        const received = await retitle(a, own, "Renamed 1");
        expect([received.status, objectIn(api, received)[name]]).toEqual([200, "Renamed 1"]);
        expect((await reread(a, own))?.[name]).toBe("Renamed 1");
      }
      const { [name]: _, ...incomplete } = await bodyFor(a, resource);
      const invalid = await a.send("create", resource, { parameters: own.parameters, body: incomplete });
      expect(invalid.status).toBe(api.invalidStatus);
      if (resource.deletion) {
        expect((await a.send("delete", resource, { parameters: own.parameters })).status).toBe(204);
        expect(await reread(a, own)).toBe(undefined);
      }
      expect((await reread(b, theirs))?.[name]).toBe(theirs.title);
    }
  },
);

async function listedBy(client: Client, { resource, parameters }: Awaited<ReturnType<typeof make>>) {
  return titlesOf(client.api, resource, await listAll(client, resource, { parameters }));
}

test("a seed gives the same API each time, and pages hold all of a tenant's rows once", async (context) => {
  expect(generateApi(77)).toEqual(generateApi(77));
  expect(generateApi(77, { isSound: true })).not.toEqual(generateApi(78, { isSound: true }));
  for (let seed = 300; seed < 330; seed += 1) {
    const { api, a } = await openScene(generateApi(seed, { isSound: true }), context);
    // Each unit of a tenant has its rows; where they are nobody's in particular, the list holds those of both.
    const unitsOf = ({ isUnitScoped }: Resource) => (api.subScope && !isUnitScoped ? 2 : 1);
    for (const resource of api.resources.filter(({ parent }) => !parent)) {
      const ids = (await listAll(a, resource)).map(({ id }) => id);
      expect(ids, `seed ${seed}, ${resource.plural}`).toHaveLength(
        resource.rowsPerTenant * unitsOf(resource),
      );
      expect(new Set(ids).size).toBe(ids.length);
    }
  }
});

test("200 seeds draw every class, every noise and every shape, and sound ones too", () => {
  const drawn = Array.from({ length: 200 }, (_, index) => generateApi(index + 1));
  expect(new Set(drawn.map(({ leak }) => leak?.rule))).toEqual(new Set([...leakRules, undefined]));
  for (const noise of [
    "timestamps",
    "randomOrder",
    "requestIds",
    "echoes",
    "misleadingData",
    "compression",
  ] as const)
    expect(new Set(drawn.map((api) => api.noise[noise]))).toEqual(new Set([true, false]));
  for (const amount of ["lag", "rateLimit", "failures"] as const)
    expect(drawn.filter((api) => api.noise[amount] > 0).length).toBeGreaterThan(5);
  expect(new Set(drawn.map(({ envelope }) => envelope)).size).toBe(5);
  expect(new Set(drawn.map(({ pagination }) => pagination)).size).toBe(8);
  expect(new Set(drawn.flatMap(({ resources }) => resources.map(({ idKind }) => idKind))).size).toBe(6);
  expect(new Set(drawn.map(({ tenancy }) => tenancy.by)).size).toBe(3);
});
