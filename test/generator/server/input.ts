import type { Field, Resource } from "../description.js";
import { faultOf, spell } from "../fields.js";
import { refuse } from "./refusals.js";
import { type Answer, hasId, leaks, type ServerState, tableOf } from "./state.js";
import { isInScope, newestValues, type Row, type Scope } from "./store.js";

export const categoryNumbers = [1, 2, 3];

type Input = { readonly values: Record<string, unknown> } | { readonly refusal: Answer };

/** What a body says of one object; only fields that may be set are taken. `before` are the values of a row that changes. */
export function inputOf(
  state: ServerState,
  resource: Resource,
  body: unknown,
  scope: Scope,
  before?: Readonly<Record<string, unknown>>,
): Input {
  const { api } = state;
  const said = attributesOf(state, body);
  if (!said) return { refusal: invalid(state, "the body has to be an object") };
  const values: Record<string, unknown> = before ? { ...before } : { status: "open" };
  for (const field of resource.fields) {
    const name = spell(api, field.name);
    const value = said[name] ?? (field.kind === "enum" && !before ? field.choices![0] : undefined);
    if (value === undefined && before && resource.update === "PATCH") continue;
    const fault = faultOf(field, value);
    if (fault) return { refusal: invalid(state, `${name} ${fault}${echoOf(state, value)}`) };
    const refusal = faultOfReference(state, resource, field, value, scope, before !== undefined);
    if (refusal) return { refusal };
    values[field.name] = value;
  }
  if (resource.hasCategory) {
    const category = said[spell(api, "categoryId")] ?? before?.categoryId ?? 1;
    if (!categoryNumbers.includes(Number(category))) return { refusal: invalid(state, "no such category") };
    values.categoryId = Number(category);
  }
  return { values };
}

/** The object of a body: JSON:API wraps it. */
export function attributesOf({ api }: ServerState, body: unknown): Record<string, unknown> | undefined {
  const plain = api.wrapsBodies
    ? (body as { data?: { attributes?: unknown } } | undefined)?.data?.attributes
    : body;
  return plain && typeof plain === "object" && !Array.isArray(plain)
    ? (plain as Record<string, unknown>)
    : undefined;
}

export function invalid(state: ServerState, message: string): Answer {
  return refuse(state, state.api.invalidStatus, message);
}

function echoOf({ api }: ServerState, value: unknown): string {
  return api.noise.echoes && value !== undefined ? `: ${JSON.stringify(value)}` : "";
}

function faultOfReference(
  state: ServerState,
  resource: Resource,
  { kind, target }: Field,
  value: unknown,
  scope: Scope,
  isUpdate: boolean,
): Answer | undefined {
  if (value === undefined || (kind !== "reference" && kind !== "references")) return undefined;
  const rows = tableOf(state, target!).present();
  const isOpen = leaks(
    state,
    "isolation/foreign-key-connect",
    isUpdate ? "on update" : kind === "references" ? "one of many" : "on creation",
    resource,
  );
  for (const id of kind === "references" ? (value as unknown[]) : [value]) {
    const named = rows.filter((row) => hasId(row, id));
    if (named.some((row) => isOpen || isInScope(row, scope))) continue;
    return refuseReference(state, resource, target!, id, named[0]);
  }
  return undefined;
}

function refuseReference(
  state: ServerState,
  resource: Resource,
  target: string,
  id: unknown,
  foreign: Row | undefined,
): Answer {
  const isTold = leaks(state, "isolation/error-text", "refused reference names its target", resource);
  const { title } = tableOf(state, target).resource;
  if (foreign && isTold) return invalid(state, `${target} "${newestValues(foreign)?.[title]}" is not yours`);
  return invalid(state, `no such ${target}${echoOf(state, id)}`);
}
