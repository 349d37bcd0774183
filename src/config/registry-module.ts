import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type ExportedKey, exportedKeys } from "../adapters/static-module/keys.js";
import type { Modules } from "../adapters/static-module/modules.js";
import { SourceError, type SourceModule } from "../adapters/static-module/source.js";

/** What the files of registries are mostly called. */
export const usualName = /registry|tenan|scop/i;
/** More text than this is no list of models; a bundle, more likely. */
const longestSource = 400_000;
const mention = /tenant_?scoped|defineRegistry/i;
const passesOnAll = /(export\s+default|module\.exports)[^;]*\.\.\./;
const statement = /^\s*(export\b|module\.exports|exports\.)/m;

const scopedName = /^tenant_?scoped(_?models)?$/i;
const otherName = /^((sub|business_?unit)_?scoped|global|special(_?handling)?)(_?models)?$/i;

/**
 * Whether a module exports a registry: lists of its `own`, or another module's, `passed on`. Undefined where it
 * does neither, though it may import one or speak of it. Its text is looked at first, since few modules of a
 * project have to be parsed.
 */
export function registryIn(path: string, modules: Modules): "own" | "passed on" | undefined {
  if (statSync(path).size > longestSource) return undefined;
  const text = readFileSync(path, "utf8");
  if (!statement.test(text) && !/\bObject\.assign\(/.test(text)) return undefined;
  const isLikely = mention.test(text) || (usualName.test(basename(path)) && passesOnAll.test(text));
  if (!isLikely) return undefined;
  try {
    return registryOf(modules.open(path), modules);
  } catch (error) {
    // A registry with a syntax error is one all the same; reading it tells where the error is.
    if (error instanceof SourceError) return error.path === path && mention.test(text) ? "own" : undefined;
    throw error;
  }
}

function registryOf(module: SourceModule, modules: Modules): "own" | "passed on" | undefined {
  if (module.exports.has("default") && usesDefineRegistry(module)) return "own";
  const keys = exportedKeys(module, modules);
  const scoped = keys.filter((key) => scopedName.test(key.name) && isList(key, keys));
  if (scoped.length === 0) return undefined;
  return scoped.some(({ value }) => value !== undefined) ? "own" : "passed on";
}

function usesDefineRegistry({ imports }: SourceModule): boolean {
  return [...imports.values()].some(({ from, name }) => from === "tenantctl" && name === "defineRegistry");
}

/**
 * `tenantScopedModels` says what it is, unless it is a function. `tenantScoped` may be many things: it has to be
 * written as a list, or stand beside another category.
 */
function isList({ name, value }: ExportedKey, keys: readonly ExportedKey[]): boolean {
  if (value && /Function|Literal$|Class/.test(value.type)) return false;
  const isWritten = value?.type === "ArrayExpression" || value?.type === "NewExpression";
  return isWritten || /models$/i.test(name) || keys.some((other) => otherName.test(other.name));
}
