import {
  NotStatic,
  plainValue,
  StaticEvaluator,
  type StaticValue,
} from "../../adapters/static-module/evaluate.js";
import { lineAt, SourceError, type SourceModule } from "../../adapters/static-module/source.js";
import { UsageError } from "../../findings/errors.js";
import { shownPath } from "../../findings/shown-path.js";
import { loadRegistryLists } from "./load.js";
import {
  type Category,
  categories,
  categoryOf,
  exportNames,
  type Registry,
  type RegistryEntry,
} from "./types.js";

/**
 * Reads a registry module: statically where that is possible, else by loading it in a child process.
 *
 * @param path absolute
 * @param base folder that shown paths are relative to
 * @throws UsageError where it can't be read, throws, exports no category, or names something that is no
 *   string.
 */
export async function readRegistry(path: string, base: string): Promise<Registry> {
  const evaluator = new StaticEvaluator((each) => shownPath(each, base));
  const module = openModule(evaluator, path, base);
  try {
    return { file: module.shown, entries: staticEntries(evaluator, module), readBy: "static" };
  } catch (error) {
    if (error instanceof SourceError) throw unreadable(error, base);
    if (!(error instanceof NotStatic)) throw error;
    const lists = await loadRegistryLists(path, shownPath(path, base));
    return { file: module.shown, entries: loadedEntries(lists, module), readBy: "child process" };
  }
}

function openModule(evaluator: StaticEvaluator, path: string, base: string): SourceModule {
  try {
    return evaluator.module(path);
  } catch (error) {
    throw error instanceof SourceError ? unreadable(error, base) : error;
  }
}

function unreadable({ path, line, message }: SourceError, base: string): UsageError {
  const shown = shownPath(path, base);
  return line === undefined
    ? new UsageError(
        `can't read the registry module ${shown}: ${message}`,
        "name it: --registry path/to/tenant-model-registry.ts, or make one: tenantctl registry generate --output FILE",
      )
    : new UsageError(
        `${shown}:${line}: the registry module has a syntax error: ${message}`,
        "mend it, then run the same command again",
      );
}

function staticEntries(evaluator: StaticEvaluator, module: SourceModule): RegistryEntry[] {
  const exported = evaluator.exportedNames(module).flatMap((name) => {
    const value = categoryOf(name) && evaluator.exported(module, name);
    return value ? [[name, value] as const] : [];
  });
  const fallback = exported.length ? undefined : evaluator.exported(module, "default");
  const lists = fallback?.kind === "object" ? [...fallback.entries] : exported;
  const read = oneACategory(
    lists.filter(([name]) => categoryOf(name)),
    (list) => (list.kind === "list" ? list.items.map(plainValue) : []),
    module,
  );
  if (read.size === 0) throw noCategory(module);
  return categories.flatMap((category) => {
    const [, list] = read.get(category) ?? [];
    return list ? entriesOf(category, list) : [];
  });
}

/**
 * Lists by category, each with the name that it is exported by. Two names for the same items are one list.
 *
 * @throws UsageError where two different lists are exported for one category.
 */
function oneACategory<List>(
  lists: readonly (readonly [name: string, list: List])[],
  itemsOf: (list: List) => readonly unknown[],
  module: SourceModule,
): Map<Category, readonly [name: string, list: List]> {
  const found = new Map<Category, readonly [name: string, list: List]>();
  for (const [name, list] of lists) {
    const category = categoryOf(name)!;
    const other = found.get(category);
    if (other && JSON.stringify(itemsOf(other[1])) !== JSON.stringify(itemsOf(list))) {
      throw new UsageError(
        `${module.shown} exports ${other[0]} and ${name}, two different lists of one category`,
        `keep one of them: which one the guard reads, tenantctl can't know`,
      );
    }
    if (!other) found.set(category, [name, list]);
  }
  return found;
}

function entriesOf(category: Category, list: StaticValue): RegistryEntry[] {
  if (list.kind !== "list") {
    throw new UsageError(
      `${place(list)}: ${exportNames[category]} is no array of model names`,
      `export const ${exportNames[category]} = ["Asset", …] as const;`,
    );
  }
  return list.items.map((item) => {
    if (item.kind === "string") {
      return { name: item.value, category, location: item.location, place: item.place };
    }
    const shown = item.kind === "other" ? item.text : `an ${item.kind === "list" ? "array" : "object"}`;
    throw notAString(place(item), category, shown);
  });
}

function loadedEntries(
  lists: ReadonlyMap<string, readonly unknown[]>,
  module: SourceModule,
): RegistryEntry[] {
  if (lists.size === 0) throw noCategory(module);
  const read = oneACategory([...lists], (items) => items, module);
  const spread = spreadNames(read);
  return [...read].flatMap(([category, [exportName, items]]) => {
    const exportLine = lineOf(module, exportName) || 1;
    return items.map((item, index): RegistryEntry => {
      if (typeof item !== "string") {
        throw notAString(
          `${module.shown}:${exportLine}`,
          category,
          (item as { notAString: string }).notAString,
        );
      }
      const line = lineOf(module, `"${item}"`, `'${item}'`) || exportLine;
      const place = spread.has(item) ? item : `${exportName}[${index}]`;
      return { name: item, category, location: { file: module.shown, line }, place };
    });
  });
}

/**
 * Once loaded, a list does not show what it was spread from. A tenant-scoped list that holds the whole
 * sub-scoped one was built from it, so those names are written once.
 */
function spreadNames(
  lists: ReadonlyMap<Category, readonly [name: string, items: readonly unknown[]]>,
): ReadonlySet<unknown> {
  const inner = lists.get("sub-scoped")?.[1] ?? [];
  const outer = new Set(lists.get("tenant-scoped")?.[1]);
  return inner.every((name) => outer.has(name)) ? new Set(inner) : new Set();
}

/** 1-based line of the first of these texts in the module, or 0. */
function lineOf(module: SourceModule, ...texts: readonly string[]): number {
  const at = texts.map((text) => module.text.indexOf(text)).find((index) => index >= 0);
  return at === undefined ? 0 : lineAt(module.text, at);
}

function notAString(where: string, category: Category, shown: string): UsageError {
  return new UsageError(
    `${where}: ${exportNames[category]} holds ${shown}, which is no string`,
    'model names are strings, written as Prisma passes them: "Asset"',
  );
}

function noCategory(module: SourceModule): UsageError {
  const names = [...module.exports.keys()];
  const has = names.length ? `it exports ${names.join(", ")}` : "it exports nothing";
  return new UsageError(
    `${module.shown} is no registry module: ${has}, none of ${Object.values(exportNames).join(", ")}`,
    "name the right module with --registry, or make one: tenantctl registry generate --output FILE",
  );
}

function place({ location }: StaticValue): string {
  return `${location.file}:${location.line}`;
}
