import { randomBytes, randomUUID } from "node:crypto";
import { type Actor, newCanary } from "../isolation/index.js";
import type { Values } from "./template.js";

/** Placeholders that are always known. */
export const builtInNames: readonly string[] = [
  ...["canary", "unique", "uuid", "today", "now", "tenant", "tenantName", "other"],
];

/** What the placeholders of one copy of a workflow begin with. */
export interface CopyValues {
  /** A word that nothing else holds, for texts: 60 random bits. */
  readonly canary: string;
  /** A T, then ten capital letters and digits, for codes: 50 random bits. */
  readonly unique: string;
  readonly values: Values;
}

/**
 * Values of a copy of a workflow: the same in all its steps, but for `uuid`.
 *
 * @param other another tenant, for a step that tries to be it
 * @param given of config and of secrets
 */
export function newCopyValues(owner: Actor, other: Actor, given: Values, now: Date): CopyValues {
  const canary = newCanary();
  const unique = newUnique();
  const values = new Map<string, unknown>([
    ...given,
    ["canary", canary],
    ["unique", unique],
    ["today", now.toISOString().slice(0, 10)],
    ["now", now.toISOString()],
    ["tenant", owner.tenantId],
    ["tenantName", owner.name],
    ["other", other.tenantId],
  ]);
  return { canary, unique, values };
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
