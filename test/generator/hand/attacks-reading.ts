import { spell } from "../fields.js";
import { filtersOf } from "../server/filters.js";
import type { Attacks } from "./attacks.js";
import type { Client, Sent } from "./client.js";
import { listAll, type Made, make, titlesOf } from "./objects.js";
import type { Scene } from "./scene.js";

/** Whether A's list, every page of it, holds a row that B's holds. */
async function listsTheirs(
  { api, a, b, resource }: Scene,
  sent: Sent = {},
  client: Client = a,
): Promise<boolean> {
  await make(b, resource);
  const theirs = new Set(titlesOf(api, resource, await listAll(b, resource)));
  return titlesOf(api, resource, await listAll(client, resource, sent)).some((title) => theirs.has(title));
}

/** Whether A's request for one object of B's is answered with its title. */
async function reads(
  { a }: Scene,
  made: Made,
  kind: "read" | "history" = "read",
  sent: Sent = {},
): Promise<boolean> {
  const { status, text } = await a.send(kind, made.resource, { parameters: made.parameters, ...sent });
  return status === 200 && text.includes(made.title);
}

const tenantHeader = ({ served }: Scene, ...values: string[]): Sent => ({
  headers: { [served.binding.tenantHeader!]: values },
});

async function includes({ api, a, b, resource }: Scene, name: string): Promise<boolean> {
  const choice = enumChoice(resource);
  const values = choice ? { [spell(api, choice.name)]: choice.value } : {};
  const [own, theirs] = [await make(a, resource, { values }), await make(b, resource, { values })];
  const { text } = await a.send("read", resource, { parameters: own.parameters, query: { include: name } });
  return text.includes(theirs.title);
}

function enumChoice({ fields }: Scene["resource"]) {
  const field = fields.find(({ kind }) => kind === "enum");
  return field && { name: field.name, value: field.choices![0]! };
}

/** What reads open: lists, objects, includes, children, and requests that name no tenant or another. */
export const attacksOnReading: Attacks = {
  "isolation/list": {
    "no tenant in the query": listsTheirs,
    "no tenant in the search": (scene) => listsTheirs(scene, { query: { q: "a" } }),
    "no tenant after the first page": listsTheirs,
    "no tenant where the list is sorted": (scene) =>
      listsTheirs(scene, { query: { sort: spell(scene.api, scene.resource.title) } }),
    "no tenant where a field is filtered by": async (scene) => {
      const { parameter, field } = filtersOf(scene.api, scene.resource).find(
        (each) => each.field.kind === "enum",
      )!;
      const [value] = field.choices!;
      await make(scene.b, scene.resource, { values: { [spell(scene.api, field.name)]: value } });
      return listsTheirs(scene, { query: { [parameter]: value! } });
    },
  },
  "isolation/read-by-id": {
    "by id alone": async (scene) => reads(scene, await make(scene.b, scene.resource)),
    "history by id alone": async (scene) => reads(scene, await make(scene.b, scene.resource), "history"),
    "through the owner's own parent": async (scene) => reads(scene, await make(scene.b, scene.resource)),
    "lookup by a key alone": async ({ api, a, b, resource }) => {
      const { values } = await make(b, resource);
      const name = spell(api, resource.uniqueField!);
      const { status, json } = await a.send("lookup", resource, {
        parameters: { [name]: String(values[name]) },
      });
      return (
        status === 200 &&
        JSON.stringify(json).includes(String(values[name])) &&
        !JSON.stringify(json).includes("NOT_FOUND")
      );
    },
  },
  "isolation/tenant-override": {
    "header wins over the token": (scene) => listsTheirs(scene, tenantHeader(scene, scene.b.tenantId)),
    "path wins over the token": (scene) => listsTheirs(scene, { parameters: { tenantId: scene.b.tenantId } }),
    "query wins over the token": (scene) =>
      listsTheirs(scene, { query: { [spell(scene.api, scene.api.tenancy.field)]: scene.b.tenantId } }),
  },
  "isolation/tenant-missing": {
    "no token, list": (scene) => listsTheirs({ ...scene, b: scene.a }, {}, scene.nobody),
    "no token, object": async (scene) =>
      reads({ ...scene, a: scene.nobody }, await make(scene.a, scene.resource)),
    "no header": (scene) => listsTheirs(scene, tenantHeader(scene)),
    "empty header": (scene) => listsTheirs(scene, tenantHeader(scene, "")),
    "the last of several headers": (scene) =>
      listsTheirs(scene, tenantHeader(scene, scene.a.tenantId, scene.b.tenantId)),
  },
  "isolation/nested-include": {
    "everything of a shared category": (scene) => includes(scene, `category.${scene.resource.plural}`),
    "related by a value": (scene) => includes(scene, "related"),
    "children by a number that both tenants have": async ({ api, a, b, resource }) => {
      const child = api.resources.find(({ parent }) => parent === resource)!;
      // Both tenants began with a number 1.
      const parent: Made = {
        resource,
        id: "1",
        parameters: { [resource.idParameter]: "1" },
        title: "",
        values: {},
      };
      const { title } = await make(b, child, { parent });
      const query = { include: child.plural };
      return (await a.send("read", resource, { parameters: parent.parameters, query })).text.includes(title);
    },
  },
  "isolation/child-through-parent": {
    read: async (scene) => reads(scene, await throughOwnParent(scene)),
    "children of another tenant's parent": listsBelowTheirs,
  },
};

async function listsBelowTheirs({ a, b, resource }: Scene): Promise<boolean> {
  const { parameters, title } = await make(b, resource);
  return (await a.send("list", resource, { parameters })).text.includes(title);
}

/** B's child, under the path of a parent of A's. */
export async function throughOwnParent({ a, b, resource }: Scene): Promise<Made> {
  const parent = await make(a, resource.parent!);
  const child = await make(b, resource);
  return {
    ...child,
    parameters: {
      ...child.parameters,
      ...parent.parameters,
      [`${parent.resource.singular}Id`]: parent.id,
      [resource.idParameter]: child.id,
    },
  };
}
