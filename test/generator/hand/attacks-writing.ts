import { randomUUID } from "node:crypto";
import type { Resource } from "../description.js";
import { spell } from "../fields.js";
import { actions } from "../words.js";
import type { Attack, Attacks } from "./attacks.js";
import { throughOwnParent } from "./attacks-reading.js";
import type { Client } from "./client.js";
import {
  listAll,
  type Made,
  make,
  objectIn,
  reread,
  retitle,
  settled,
  titlesOf,
  tryToMake,
} from "./objects.js";
import type { Scene } from "./scene.js";

const word = () => `Word ${randomUUID().slice(0, 8)}`;

async function holds(owner: Client, made: Made, title: string): Promise<boolean> {
  return (await reread(owner, made))?.[spell(owner.api, made.resource.title)] === title;
}

const changes: Attack = async ({ a, b, resource }) => {
  const theirs = await make(b, resource);
  const title = word();
  await retitle(a, theirs, title);
  return holds(b, theirs, title);
};

const deletes: Attack = async ({ a, b, resource }) => {
  const theirs = await make(b, resource);
  await a.send("delete", resource, { parameters: theirs.parameters });
  return (await reread(b, theirs)) === undefined;
};

/** Whether B lists, after A's doing, a title that A made up. */
async function listed({ api, b, resource }: Scene, title: string): Promise<boolean> {
  await settled(api);
  return titlesOf(api, resource, await listAll(b, resource)).includes(title);
}

function referenceOf({ api, resource }: Scene, kind: "reference" | "references") {
  const field = resource.fields.find((each) => each.kind === kind)!;
  return {
    name: spell(api, field.name),
    target: api.resources.find(({ singular }) => singular === field.target)!,
  };
}

function connects(kind: "reference" | "references"): Attack {
  return async (scene) => {
    const { name, target } = referenceOf(scene, kind);
    const theirs = await make(scene.b, target);
    const id = kind === "references" ? [theirs.id] : theirs.id;
    const { made } = await tryToMake(scene.a, scene.resource, { values: { [name]: id } });
    return made !== undefined && String((await reread(scene.a, made))?.[name]) === theirs.id;
  };
}

/** One request with an id of A's and one of B's. */
async function bulk({ api, a, resource }: Scene, theirs: Made) {
  const own = await make(a, resource);
  const title = word();
  const changed = { changes: { [spell(api, resource.title)]: title } };
  const body = { ids: [own.id, theirs.id], ...(resource.bulk === "update" ? changed : {}) };
  return { title, ...(await a.send("bulk", resource, { body })) };
}

const bulkAttacks: Readonly<Record<NonNullable<Resource["bulk"]>, Attack>> = {
  update: async (scene) => {
    const theirs = await make(scene.b, scene.resource);
    return holds(scene.b, theirs, (await bulk(scene, theirs)).title);
  },
  delete: async (scene) => {
    const theirs = await make(scene.b, scene.resource);
    await bulk(scene, theirs);
    return (await reread(scene.b, theirs)) === undefined;
  },
  get: async (scene) => {
    const theirs = await make(scene.b, scene.resource);
    return (await bulk(scene, theirs)).text.includes(theirs.title);
  },
};

/** A creates with a unique value of B's; where that value is free, it gets its object and B's stays as it was. */
const reuses: Attack = async ({ api, a, b, resource }) => {
  const theirs = await make(b, resource);
  const before = await reread(b, theirs);
  const unique = spell(api, resource.uniqueField!);
  const { made } = await tryToMake(a, resource, { values: { [unique]: theirs.values[unique] } });
  const after = await reread(b, theirs);
  const isSame = resource.fields.every(
    ({ name }) => String(before?.[spell(api, name)]) === String(after?.[spell(api, name)]),
  );
  return made === undefined || made.id === theirs.id || !isSame;
};

/** What writes open: changes, deletions, creations in another tenant, references, keys. */
export const attacksOnWriting: Attacks = {
  "isolation/update": {
    "by id alone": changes,
    "writes, then refuses": changes,
    "action by id alone": async ({ api, a, b, resource }) => {
      const theirs = await make(b, resource);
      await a.send("action", resource, { parameters: theirs.parameters });
      return (await reread(b, theirs))?.[spell(api, "status")] === actions[resource.action!];
    },
  },
  "isolation/delete": {
    "by id alone": deletes,
    "soft, by id alone": deletes,
    "deletes, then refuses": deletes,
  },
  "isolation/child-through-parent": {
    update: async (scene) => {
      const theirs = await throughOwnParent(scene);
      const title = word();
      await retitle(scene.a, theirs, title);
      return childIs(scene, theirs, title);
    },
    delete: async (scene) => {
      const theirs = await throughOwnParent(scene);
      await scene.a.send("delete", scene.resource, { parameters: theirs.parameters });
      return !(await childIs(scene, theirs, theirs.title));
    },
  },
  "isolation/create-into-tenant": {
    "tenant of the body": async (scene) => {
      const tenant = { [spell(scene.api, scene.api.tenancy.field)]: scene.b.tenantId };
      const { made } = await tryToMake(scene.a, scene.resource, { values: tenant });
      return made !== undefined && listed(scene, made.title);
    },
    "tenant of the header": async (scene) => {
      const headers = { [scene.served.binding.tenantHeader!]: [scene.b.tenantId] };
      const { made } = await tryToMake(scene.a, scene.resource, { headers });
      return made !== undefined && listed(scene, made.title);
    },
    "moved by an update": async (scene) => {
      const own = await make(scene.a, scene.resource);
      const title = word();
      await retitle(scene.a, own, title, { [spell(scene.api, scene.api.tenancy.field)]: scene.b.tenantId });
      return listed(scene, title);
    },
    "below another tenant's parent": async ({ api, a, b, resource }) => {
      const parent = await make(b, resource.parent!);
      const { made } = await tryToMake(a, resource, { parent });
      if (!made) return false;
      return titlesOf(api, resource, await listAll(b, resource, { parameters: made.parameters })).includes(
        made.title,
      );
    },
  },
  "isolation/foreign-key-connect": {
    "on creation": connects("reference"),
    "one of many": connects("references"),
    "on update": async (scene) => {
      const { name, target } = referenceOf(scene, "reference");
      const theirs = await make(scene.b, target);
      const own = await make(scene.a, scene.resource);
      const received = await retitle(scene.a, own, word(), { [name]: theirs.id });
      return String(objectIn(scene.api, received)[name]) === theirs.id;
    },
  },
  "isolation/bulk": {
    "update by ids alone": bulkAttacks.update,
    "delete by ids alone": bulkAttacks.delete,
    "get by ids alone": bulkAttacks.get,
    "checks the first id only": (scene) => bulkAttacks[scene.resource.bulk!](scene),
  },
  "isolation/unique-conflict": {
    "409 over all tenants": reuses,
    "taken, says validation": reuses,
    "upsert over all tenants": reuses,
  },
};

/** B's child as B lists it below its own parent; the path of the attack names another. */
async function childIs({ api, served, b, resource }: Scene, { id }: Made, title: string): Promise<boolean> {
  await settled(api);
  const parents = await listAll(b, resource.parent!);
  for (const parent of parents) {
    const parameters = { [`${resource.parent!.singular}Id`]: String(parent.id), [resource.idParameter]: id };
    const received = await b.send("read", resource, {
      parameters: { tenantId: served.tenants.b.id, ...parameters },
    });
    const object = objectIn(api, received);
    if (received.status === 200 && object.id !== undefined)
      return object[spell(api, resource.title)] === title && !object[spell(api, "deletedAt")];
  }
  return false;
}
