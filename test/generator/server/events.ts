import { randomUUID } from "node:crypto";
import type { Resource } from "../description.js";
import { invalid } from "./input.js";
import { present } from "./present.js";
import { deny } from "./refusals.js";
import { type Answer, type Call, type Change, leaks, type ServerState } from "./state.js";
import { newestValues, type Row, type Scope } from "./store.js";

/** Changes that a stream tells again to who connects. */
const replayed = 20;
const keepAliveEvery = 5000;
/** Milliseconds that a webhook's receiver has to answer. */
const deliveryTimeout = 2000;

/** Tells streams and webhooks of a change, as soon as reads may see it. */
export function announce(state: ServerState, resource: Resource, row: Row, verb: string): void {
  const { api, changes, history } = state;
  if (!api.hasEventStream && !api.hasWebhooks) return;
  const data = present(api, resource, row, newestValues(row) ?? {});
  const type = `${resource.singular}.${verb}`;
  const change: Change = { number: history.length + 1, type, tenant: row.tenant, data };
  history.push(change);
  setTimeout(() => {
    changes.emit("change", change);
    deliver(state, change);
  }, api.noise.lag).unref();
}

/** `GET /events`: what changes from now on, after the last of what changed before. */
export function stream(state: ServerState, _call: Call, scope: Scope): Answer {
  const isOpen = leaks(state, "isolation/events", "stream of every tenant");
  const isReplayOpen = isOpen || leaks(state, "isolation/events", "stream replays every tenant's");
  const before = state.history
    .filter(({ tenant }) => isReplayOpen || tenant === scope.tenant)
    .slice(-replayed);
  return {
    status: 200,
    type: "text/event-stream",
    stream: (send) => {
      send(": connected\n\n");
      for (const change of before) send(lineOf(change));
      const onChange = (change: Change) => {
        if (isOpen || change.tenant === scope.tenant) send(lineOf(change));
      };
      state.changes.on("change", onChange);
      const keepAlive = setInterval(() => send(": keep-alive\n\n"), keepAliveEvery);
      return () => {
        clearInterval(keepAlive);
        state.changes.off("change", onChange);
      };
    },
  };
}

function lineOf({ number, type, data }: Change): string {
  return `id: ${number}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

export function subscribe(state: ServerState, { body }: Call, scope: Scope): Answer {
  const { url } = (body ?? {}) as { url?: unknown };
  if (typeof url !== "string" || !/^https?:\/\//.test(url) || !URL.canParse(url))
    return invalid(state, "url has to be an http address");
  const webhook = { id: randomUUID(), tenant: scope.tenant, url };
  state.webhooks.set(webhook.id, webhook);
  return { status: 201, body: { id: webhook.id, url } };
}

export function subscriptions(state: ServerState, _call: Call, scope: Scope): Answer {
  const own = [...state.webhooks.values()].filter(({ tenant }) => tenant === scope.tenant);
  return { status: 200, body: { items: own.map(({ id, url }) => ({ id, url })) } };
}

export function unsubscribe(state: ServerState, { parameters }: Call, scope: Scope): Answer {
  const webhook = state.webhooks.get(parameters.webhookId!);
  if (webhook?.tenant !== scope.tenant) return deny(state, "webhook", parameters.webhookId!);
  state.webhooks.delete(webhook.id);
  return { status: 204 };
}

function deliver(state: ServerState, { tenant, type, data }: Change): void {
  const isOpen = leaks(state, "isolation/events", "webhooks of every tenant");
  for (const webhook of state.webhooks.values()) {
    // Whatever a probe subscribes with, nothing of a test leaves this machine.
    if ((!isOpen && webhook.tenant !== tenant) || !isLoopback(webhook.url)) continue;
    const body = JSON.stringify({ type, data });
    const headers = { "content-type": "application/json" };
    fetch(webhook.url, { method: "POST", headers, body, signal: AbortSignal.timeout(deliveryTimeout) }).catch(
      // A receiver that is gone misses what was told, as with any webhook.
      () => {},
    );
  }
}

function isLoopback(url: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}
