import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../findings/errors.js";
import type { Variables } from "./variables.js";

/** A value that no output may hold. It reads as `[redacted]` wherever it is printed by mistake. */
export class Secret {
  readonly #value: string;
  constructor(
    value: string,
    /** Where it came from, fit for any output: `env:DATABASE_URL`. */
    readonly origin: string,
  ) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "[redacted]";
  }
  toJSON(): string {
    return "[redacted]";
  }
}

/**
 * Resolves `env:NAME`, `file:PATH` or a literal.
 *
 * @param base folder that a relative `file:` path starts from
 * @throws UsageError where the variable is not set or the file can't be read.
 */
export function resolveSecret(reference: string, what: string, variables: Variables, base: string): Secret {
  if (reference.startsWith("env:")) {
    const name = reference.slice(4);
    const value = variables.get(name);
    if (value) return new Secret(value, reference);
    throw new UsageError(
      `${what}: the environment variable ${name} is not set`,
      `set it: export ${name}=… (or put it into .env)`,
    );
  }
  if (reference.startsWith("file:")) {
    const path = resolve(base, reference.slice(5));
    try {
      return new Secret(readFileSync(path, "utf8").trim(), reference);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UsageError(
        `${what}: can't read the file ${path}: ${code}`,
        "check the path and its permissions",
      );
    }
  }
  return new Secret(reference, "as given");
}
