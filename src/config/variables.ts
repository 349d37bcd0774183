import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Environment variables as the command sees them: the process's own, then those of `.env` files. */
export interface Variables {
  get(name: string): string | undefined;
}

/**
 * Reads `.env` of the project and of the schema's folder, as Prisma does: the process's variables win, then
 * the project's, and `${NAME}` is expanded. Nothing is exported to the process or to a child.
 *
 * @param folders absolute; in order of precedence
 */
export function readVariables(env: NodeJS.ProcessEnv, folders: readonly string[]): Variables {
  const values = new Map<string, string>();
  for (const folder of new Set(folders)) {
    const file = join(folder, ".env");
    if (!existsSync(file)) continue;
    for (const [name, value] of Object.entries(parseFile(file, env))) {
      if (!values.has(name)) values.set(name, value);
    }
  }
  return { get: (name) => env[name] || values.get(name) };
}

function parseFile(file: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const require = createRequire(import.meta.url);
  const { parse } = require("dotenv") as typeof import("dotenv");
  const { expand } = require("dotenv-expand") as typeof import("dotenv-expand");
  const defined = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // `expand` writes into processEnv; a copy keeps ours clean.
  const { parsed } = expand({ parsed: parse(readFileSync(file)), processEnv: Object.fromEntries(defined) });
  return parsed ?? {};
}

/** The folder of a schema path that may be a file or a folder. */
export function schemaFolder(path: string): string {
  return path.endsWith(".prisma") ? dirname(path) : path;
}
