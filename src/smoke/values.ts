import { randomBytes, randomUUID } from "node:crypto";
import { type Actor, newCanary } from "../isolation/index.js";
import type { Values } from "./template.js";

/** Placeholders that are always known. */
export const builtInNames: readonly string[] = [
  ...["canary", "unique", "uuid", "today", "now", "tenant", "tenantName", "other"],
];

/** Values that only one copy of a workflow has: the same in all its steps, and after it was killed. */
export type CopyValues = Readonly<Record<"canary" | "unique" | "today" | "now" | "other", string>>;

/**
 * New ones. The canary is a word that nothing else holds, for texts: 60 random bits; `unique` a T, then ten capital
 * letters and digits, for codes: 50 random bits.
 *
 * @param other another tenant, for a step that tries to be it
 */
export function newCopyValues(other: Actor, now: Date): CopyValues {
  const text = now.toISOString();
  return {
    canary: newCanary(),
    unique: newUnique(),
    today: text.slice(0, 10),
    now: text,
    other: other.tenantId,
  };
}

/**
 * What the placeholders of a copy begin with.
 *
 * @param given of config and of secrets
 */
export function withGiven(
  { tenantId, name }: Actor,
  copy: Readonly<Record<string, unknown>>,
  given: Values,
): Values {
  return new Map<string, unknown>([
    ...given,
    ...Object.entries(copy),
    ["tenant", tenantId],
    ["tenantName", name],
  ]);
}

/** The values of one step: `uuid` is a new one, for a key that no two requests may share. */
export function valuesOfStep(values: Values): Values {
  return new Map([...values, ["uuid", randomUUID()]]);
}

/** Starts with a letter, as codes have to here and there. */
function newUnique(): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return `T${[...randomBytes(10)].map((byte) => alphabet[byte % 32]).join("")}`;
}
