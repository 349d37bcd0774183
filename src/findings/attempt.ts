import { InterruptedError } from "./errors.js";

/** Why something could not be had, and the next thing to do. */
export interface Refusal {
  readonly problem: string;
  readonly hint: string;
}

export type Attempt<Value> = { readonly value: Value } | Refusal;

/**
 * Does something that may be refused, where the rest goes on without it. Every error that says what to do
 * next is a refusal; an interruption and a bug go on upwards.
 */
export async function attempt<Value>(work: () => Value | Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof InterruptedError || !(error instanceof Error)) throw error;
    const { hint } = error as { hint?: unknown };
    if (typeof hint !== "string") throw error;
    return { problem: error.message, hint };
  }
}
