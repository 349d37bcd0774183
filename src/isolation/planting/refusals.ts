import type { Operation } from "../api/operations.js";
import type { Exchange } from "../exchange.js";
import { isObject, type Json } from "../json.js";

/** What an API's refusals have said of bodies: fields that it takes the document's example for only. */
export class Refusals {
  readonly #kept = new Map<Operation, Set<string>>();

  keptOf(operation: Operation): ReadonlySet<string> {
    return this.#kept.get(operation) ?? new Set();
  }

  /**
   * Learns the fields that a refusal of a body names.
   *
   * @returns whether there is anything new to try
   */
  learnFrom({ response }: Exchange, operation: Operation, body: Json): boolean {
    if (response.status !== 400 && response.status !== 422) return false;
    const kept = this.#kept.get(operation) ?? new Set<string>();
    this.#kept.set(operation, kept);
    const named = fieldsIn(body).filter((field) => !kept.has(field) && names(response.body, field));
    for (const field of named) kept.add(field);
    return named.length > 0;
  }
}

/** Names of its fields, at any depth. */
function fieldsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsIn);
  return isObject(value) ? Object.entries(value).flatMap(([field, each]) => [field, ...fieldsIn(each)]) : [];
}

function names(text: string, field: string): boolean {
  return new RegExp(`\\b${field.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\b`).test(text);
}
