import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Attack, Attacks } from "./attacks.js";
import type { Client } from "./client.js";
import { listAll, make, rowsIn, settled, titlesOf } from "./objects.js";
import type { Scene } from "./scene.js";

const requestsInBurst = 160;
const connections = 32;
/** Milliseconds within which an event arrives. */
const patience = 150;

/** Whether requests of both, at once, bring one of them a row of the other. */
const bleeds: Attack = async ({ a, b, resource, api }) => {
  const titlesFor = async (client: Client) =>
    new Set(titlesOf(api, resource, await listAll(client, resource)));
  const foreign = new Map([
    [a, await titlesFor(b)],
    [b, await titlesFor(a)],
  ]);
  let isMixed = false;
  let left = requestsInBurst;
  const worker = async (client: Client) => {
    while (left > 0) {
      left -= 1;
      const titles = titlesOf(api, resource, rowsIn(resource, await client.send("list", resource)));
      if (titles.some((title) => foreign.get(client)!.has(title))) isMixed = true;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, index) => worker(index % 2 === 0 ? a : b)));
  return isMixed;
};

/** B asks first, then A asks for the same. */
function cached(kind: "list" | "read"): Attack {
  return async ({ api, a, b, resource }) => {
    const { parameters } = await make(b, resource);
    const query = { _: String(Date.now()) };
    const theirs = (await b.send(kind, resource, { parameters, query })).json;
    const received = await a.send(kind, resource, { parameters, query });
    if (kind === "read")
      return received.status === 200 && JSON.stringify(received.json) === JSON.stringify(theirs);
    const titles = titlesOf(api, resource, rowsIn(resource, { ...received, json: theirs }));
    return titlesOf(api, resource, rowsIn(resource, received)).some((title) => titles.includes(title));
  };
}

const listCached = cached("list");

async function startJob({ api }: Scene, client: Client): Promise<string> {
  const [{ plural }] = api.resources.filter(({ parent }) => !parent) as [Scene["resource"]];
  const { json } = await client.send("export-job", undefined, { body: { resource: plural } });
  const { id } = json as { id: string };
  while (
    !(await client.send("export-status", undefined, { parameters: { exportId: id } })).text.includes("done")
  )
    await sleep(20);
  return id;
}

/** Whether a file of an export holds what B created. */
function fileTells(who: "a" | "nobody", whose: "a" | "b"): Attack {
  return async (scene) => {
    const { title } = await make(scene.b, scene.root);
    const exportId = await startJob(scene, scene[whose]);
    return (await scene[who].send("export-file", undefined, { parameters: { exportId } })).text.includes(
      title,
    );
  };
}

async function withStream({ served, a }: Scene, during: () => Promise<unknown>): Promise<string> {
  const { path } = a.operation("events");
  const response = await fetch(served.url + path.replace("{tenantId}", a.tenantId), {
    headers: a.headers({}, false),
  });
  const decoder = new TextDecoder();
  let text = "";
  const reader = response.body!.getReader();
  const reading = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      text += decoder.decode(part.value);
  })();
  await during();
  await sleep(patience);
  await reader.cancel();
  await reading;
  return text;
}

/** What flows by itself, or is kept for later: caches, shared contexts, exports, events. */
export const attacksOnFlows: Attacks = {
  "isolation/shared-cache": {
    "list by its URL": listCached,
    "list by its path, whatever the query": listCached,
    "object by its URL": cached("read"),
  },
  "isolation/context-bleed": {
    "tenant in a variable of the module": bleeds,
    "connection keeps the tenant": bleeds,
    "requests in flight share an answer": bleeds,
  },
  "isolation/export": {
    "csv of every tenant": async ({ a, b, resource }) => {
      const { title } = await make(b, resource);
      return (await a.send("export", resource)).text.includes(title);
    },
    "job of every tenant": fileTells("a", "a"),
    "file by the job's id alone": fileTells("a", "b"),
    "file without a token": fileTells("nobody", "b"),
    "link by id alone": async ({ a, b, resource }) => {
      const { title, parameters } = await make(b, resource);
      const { json } = await a.send("download-link", resource, { parameters });
      const { url } = (json ?? {}) as { url?: string };
      return url !== undefined && (await a.fetch("GET", url)).text.includes(title);
    },
  },
  "isolation/events": {
    "stream of every tenant": async (scene) => {
      let title = "";
      const text = await withStream(scene, async () => {
        title = (await make(scene.b, scene.root)).title;
      });
      return text.includes(title);
    },
    "stream replays every tenant's": async (scene) => {
      const { title } = await make(scene.b, scene.root);
      return (await withStream(scene, async () => {})).includes(title);
    },
    "webhooks of every tenant": async ({ api, a, b, root }) => {
      let text = "";
      const receiver = createServer(async (request, response) => {
        for await (const part of request) text += part;
        response.end();
      }).listen(0, "127.0.0.1");
      await once(receiver, "listening");
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
      await a.send("webhook-create", undefined, { body: { url } });
      const { title } = await make(b, root);
      await settled(api);
      await sleep(patience);
      receiver.closeAllConnections();
      receiver.close();
      return text.includes(title);
    },
  },
};
