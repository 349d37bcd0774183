import { setTimeout as sleep } from "node:timers/promises";
import type { OperationKind } from "../operations.js";
import { stream, subscribe, subscriptions, unsubscribe } from "./events.js";
import { downloadLink, exportCsv, jobFile, jobStatus, startJob } from "./exports.js";
import { catalogue, stats } from "./figures.js";
import { availability, history, list, lookup, read } from "./reading.js";
import { scopeOf } from "./scope.js";
import { type Answer, type Call, leaks, type ServerState } from "./state.js";
import type { Scope } from "./store.js";
import { act, bulk, create, remove, update } from "./writing.js";

type Handler = (state: ServerState, call: Call, scope: Scope) => Answer;

const handlers: Readonly<Record<OperationKind, Handler>> = {
  ...{ list, create, read, update, action: act, history, lookup, availability, bulk, catalogue, stats },
  delete: remove,
  export: exportCsv,
  "download-link": downloadLink,
  "export-job": startJob,
  "export-status": jobStatus,
  "export-file": jobFile,
  events: stream,
  "webhook-create": subscribe,
  "webhook-list": subscriptions,
  "webhook-delete": unsubscribe,
};

/** Milliseconds that a cache keeps an answer. */
const cacheLife = 1000;

/** Answers each call of one server; what requests share stands in here. */
export function dispatcher(state: ServerState): (call: Call) => Promise<Answer> {
  const inFlight = new Map<string, Promise<Answer>>();
  const throughConnection = sharedContext(state);
  return async (call) => {
    const resolved = scopeOf(state, call);
    if ("refusal" in resolved) return resolved.refusal;
    const run = async () => {
      const scope = await throughConnection(call, resolved.scope);
      return cached(state, call, () => handlers[call.operation.kind](state, call, scope));
    };
    const isShared =
      call.operation.kind === "list" &&
      leaks(state, "isolation/context-bleed", "requests in flight share an answer");
    if (!isShared) return run();
    const running = inFlight.get(call.target) ?? run().finally(() => inFlight.delete(call.target));
    inFlight.set(call.target, running);
    return running;
  };
}

/** The query takes a few milliseconds to start. What it then finds as its tenant is the request's own, or not. */
function sharedContext({ api, random }: ServerState) {
  const isVariable = api.leak?.variant === "tenant in a variable of the module";
  const isConnection = api.leak?.variant === "connection keeps the tenant";
  const connections: { scope?: Scope }[] = Array.from({ length: isVariable ? 1 : 4 }, () => ({}));
  return async ({ operation }: Call, own: Scope): Promise<Scope> => {
    // A pool hands out whichever is free: in turns, two tenants that ask in turns would never meet.
    const connection = random.pick(connections);
    connection.scope = own;
    await sleep(random.between(1, 4));
    const isMixed = (isVariable || isConnection) && (operation.kind === "list" || operation.kind === "read");
    return isMixed ? connection.scope : own;
  };
}

/** Answers of the leaking route are kept under a key without a tenant, until somebody writes. */
function cached(state: ServerState, { operation, target }: Call, answer: () => Answer): Answer {
  const { kind, resource, method } = operation;
  if (method !== "GET") {
    state.cache.clear();
    return answer();
  }
  const isPathOnly = leaks(state, "isolation/shared-cache", "list by its path, whatever the query", resource);
  const isKept =
    (kind === "list" &&
      (isPathOnly || leaks(state, "isolation/shared-cache", "list by its URL", resource))) ||
    (kind === "read" && leaks(state, "isolation/shared-cache", "object by its URL", resource));
  if (!isKept) return answer();
  const key = isPathOnly ? target.split("?")[0]! : target;
  const kept = state.cache.get(key);
  if (kept && kept.expires > Date.now()) return kept.answer;
  const fresh = answer();
  if (fresh.status === 200) state.cache.set(key, { expires: Date.now() + cacheLife, answer: fresh });
  return fresh;
}
