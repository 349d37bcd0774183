import { randomUUID } from "node:crypto";
import { spell } from "../fields.js";
import { filtersOf } from "../server/filters.js";
import type { Attack, Attacks } from "./attacks.js";
import { figuresIn, make, objectIn, retitle, rowsIn, tryToMake, unknownId } from "./objects.js";
import type { Scene } from "./scene.js";

const random = () => `zz${randomUUID().slice(0, 8)}`;

function moves(key: "counts" | "sums"): Attack {
  return async ({ api, a, b }) => {
    const read = async () =>
      JSON.stringify(((await a.send("stats", undefined)).json as Record<string, object>)[key]);
    const before = await read();
    for (const resource of api.resources) await make(b, resource);
    return (await read()) !== before;
  };
}

async function total({ api, a, resource }: Scene, query: Record<string, string> = {}): Promise<unknown> {
  return figuresIn(api, await a.send("list", resource, { query })).total;
}

/** Whether a refusal of B's object differs from that of an id that nobody has, in status or keys. */
function differs(kind: "read" | "update"): Attack {
  return async ({ a, b, resource }) => {
    const theirs = await make(b, resource);
    const answer = async (id: string) => {
      const parameters = { ...theirs.parameters, [resource.idParameter]: id };
      const sent =
        kind === "read"
          ? await a.send("read", resource, { parameters })
          : await retitle(a, { ...theirs, parameters }, "New title");
      const { error } = (sent.json ?? {}) as { error?: object };
      return `${sent.status} ${Object.keys((sent.json ?? {}) as object).sort()} ${Object.keys(error ?? {}).sort()}`;
    };
    return (await answer(theirs.id)) !== (await answer(unknownId(resource)));
  };
}

function refusalTells(kind: "read" | "update", what: "title" | "owner"): Attack {
  return async ({ a, b, resource }) => {
    const theirs = await make(b, resource);
    const { parameters, title } = theirs;
    const sent =
      kind === "update" && resource.update
        ? await retitle(a, theirs, "New title")
        : await a.send(kind === "update" ? "delete" : "read", resource, { parameters });
    return sent.status >= 400 && sent.text.includes(what === "title" ? title : b.tenantId);
  };
}

/** What answers tell without a row of B's in them: figures, differences, the text of refusals. */
export const attacksOnFigures: Attacks = {
  "isolation/aggregate": {
    "counts of all tenants": moves("counts"),
    "sum over all tenants": moves("sums"),
    "total of a list over all tenants": async (scene) => {
      const before = await total(scene);
      await make(scene.b, scene.resource);
      return (await total(scene)) !== before;
    },
  },
  "isolation/filter-oracle": {
    "total of the search over all tenants": async (scene) => {
      const { title } = await make(scene.b, scene.resource);
      return (await total(scene, { q: title })) !== (await total(scene, { q: random() }));
    },
    "filter on a relation of any tenant": async ({ api, a, b, resource }) => {
      await make(a, resource);
      const { parameter, target } = filtersOf(api, resource).find((each) => each.target)!;
      const theirs = await make(b, target!);
      const count = async (value: string) =>
        rowsIn(resource, await a.send("list", resource, { query: { [parameter]: value } })).length;
      return (await count(theirs.title)) !== (await count(random()));
    },
    "404 unless any tenant has it": async ({ a, b, resource }) => {
      const { title } = await make(b, resource);
      const status = async (q: string) => (await a.send("list", resource, { query: { q } })).status;
      return (await status(title)) !== (await status(random()));
    },
    "availability over all tenants": async ({ api, a, b, resource }) => {
      const name = spell(api, resource.uniqueField!);
      const { values } = await make(b, resource);
      const ask = async (value: string) =>
        (await a.send("availability", resource, { query: { [name]: value } })).text;
      return (await ask(String(values[name]))) !== (await ask("QQQ-000000"));
    },
  },
  "isolation/existence-oracle": {
    "403 against 404": differs("read"),
    "another body": differs("read"),
    "403 against 404 on update": differs("update"),
  },
  "isolation/error-text": {
    "refusal names the object": refusalTells("read", "title"),
    "refusal names the owner": refusalTells("read", "owner"),
    "refused change names the object": refusalTells("update", "title"),
    "refused reference names its target": async ({ api, a, b, resource }) => {
      const field = resource.fields.find(({ kind }) => kind === "reference")!;
      const theirs = await make(b, api.resources.find(({ singular }) => singular === field.target)!);
      const { received } = await tryToMake(a, resource, { values: { [spell(api, field.name)]: theirs.id } });
      return received.status >= 400 && received.text.includes(theirs.title);
    },
  },
  "isolation/sub-scope": {
    "unit of another tenant": (scene) => listsUnit(scene, "b"),
    "another unit of the tenant": (scene) => listsUnit(scene, "a"),
    "creation in a unit of another tenant": async ({ api, served, a, b, resource }) => {
      const { header, b: units } = served.subScopes!;
      const { made } = await tryToMake(a, resource, { headers: { [header]: [units[0]!.id] } });
      if (!made) return false;
      const parameters = { [resource.idParameter]: made.id };
      const received = await b.send("read", resource, { parameters });
      return objectIn(api, received)[spell(api, resource.title)] === made.title;
    },
  },
};

/** Whether A reads an object of a unit that A's user does not belong to, by naming the unit. */
async function listsUnit({ served, a, b, resource }: Scene, whose: "a" | "b"): Promise<boolean> {
  const { header, a: own, b: theirs } = served.subScopes!;
  const unit = whose === "b" ? theirs[0]! : own[1]!;
  const owner = whose === "b" ? b : Object.assign(Object.create(a), { token: unit.token });
  const { title, parameters } = await make(owner, resource);
  const { text } = await a.send("read", resource, { parameters, headers: { [header]: [unit.id] } });
  return text.includes(title);
}
