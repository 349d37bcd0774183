/**
 * Runs in a child process, with an empty environment and a deadline set by its parent: loads a registry
 * module that can't be read statically and sends back its lists. It is the only place where the user's
 * code runs.
 */
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { categoryOf } from "./types.js";

export type ChildAnswer =
  | { readonly lists: readonly (readonly [exportName: string, items: readonly unknown[]])[] }
  | { readonly error: string };

async function load(path: string): Promise<ChildAnswer> {
  // `defineRegistry` is this very package's, installed beside the registry or not.
  const alias = { tenantctl: fileURLToPath(new URL("../../index.js", import.meta.url)) };
  const jiti = createJiti(path, { alias, tsconfigPaths: true, fsCache: false, moduleCache: false });
  const loaded = (await jiti.import(path)) as Record<string, unknown>;
  const fallback = loaded.default;
  const source = hasCategory(loaded) ? loaded : isRecord(fallback) ? fallback : loaded;
  const lists = Object.entries(source)
    .filter(([name]) => categoryOf(name) !== undefined)
    .map(([name, value]) => [name, asList(name, value)] as const);
  return { lists };
}

function asList(name: string, value: unknown): unknown[] {
  if (Array.isArray(value) || value instanceof Set) return [...value].map(plain);
  throw new TypeError(`${name} is no array of model names`);
}

/** Only strings travel as they are; anything else is described, to be refused by the parent. */
function plain(item: unknown): unknown {
  return typeof item === "string" ? item : { notAString: String(item) };
}

function hasCategory(value: Record<string, unknown>): boolean {
  return Object.keys(value).some((name) => categoryOf(name) !== undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const path = process.argv[2];
if (path !== undefined && process.send) {
  const answer = await load(path).catch((error: unknown) => ({
    error: error instanceof Error ? error.message : String(error),
  }));
  process.send(answer, () => process.exit(0));
}
