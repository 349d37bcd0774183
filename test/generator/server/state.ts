import type { EventEmitter } from "node:events";
import type { GeneratedApi, LeakRule, Resource } from "../description.js";
import { isPlanted } from "../description.js";
import type { Operation } from "../operations.js";
import type { Random } from "../random.js";
import type { Row, Scope, Table } from "./store.js";

export interface Unit {
  readonly id: string;
  readonly token: string;
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** Where the API has units: the first is that of `token`. */
  readonly units: readonly Unit[];
}

/** What one running server knows. */
export interface ServerState {
  readonly api: GeneratedApi;
  readonly tenants: readonly Tenant[];
  readonly tables: ReadonlyMap<string, Table>;
  /** Chance of what happens while it runs: ids, order, failures. */
  readonly random: Random;
  /** `change` with a {@link Change}. */
  readonly changes: EventEmitter;
  readonly history: Change[];
  readonly jobs: Map<string, ExportJob>;
  readonly webhooks: Map<string, Webhook>;
  readonly cache: Map<string, { readonly expires: number; readonly answer: Answer }>;
  /** Absolute, prefix included; known once it listens. */
  url: string;
}

export interface Change {
  readonly number: number;
  readonly type: string;
  readonly tenant: string;
  readonly data: unknown;
}

export interface ExportJob {
  readonly id: string;
  readonly tenant: string;
  readonly resource: Resource;
  readonly scope: Scope;
  readonly readyAt: number;
}

export interface Webhook {
  readonly id: string;
  readonly tenant: string;
  readonly url: string;
}

/** One request, after routing. */
export interface Call {
  readonly operation: Operation;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  /** Path and query as they were sent. */
  readonly target: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON where it is no text; undefined for no body. */
  readonly body?: unknown;
  readonly type?: string;
  /** Keeps the connection open and hands out lines; returns how to end that. */
  readonly stream?: (send: (text: string) => void) => () => void;
}

/** Whether the planted fault is this one, at the route of this call. */
export function leaks({ api }: ServerState, rule: LeakRule, variant: string, resource?: Resource): boolean {
  return isPlanted(api, rule, variant, resource);
}

export function tableOf({ tables }: ServerState, singular: string): Table {
  return tables.get(singular)!;
}

export function hasId(row: Row, id: unknown): boolean {
  return String(row.id) === String(id);
}
