import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../findings/errors.js";
import { shownPath } from "../../findings/shown-path.js";
import { scanBlocks } from "./blocks.js";
import type { SourceFile } from "./datamodel.js";

const skippedFolders: ReadonlySet<string> = new Set(["node_modules", "migrations", "dist"]);
const mainNames: ReadonlySet<string> = new Set([
  "schema.prisma",
  "main.prisma",
  "base.prisma",
  "index.prisma",
]);

/**
 * The files that make up one schema: a single file, or every `.prisma` file of a folder. A folder may hold
 * a second, unrelated schema (it has a datasource of its own); its files are left out.
 *
 * @param path file or folder, absolute
 * @param base folder that shown paths are relative to
 * @throws UsageError where nothing is there, it can't be read, or it isn't clear which schema is meant.
 */
export function readSchemaFiles(path: string, base: string): SourceFile[] {
  const shown = shownPath(path, base);
  const isFolder = isDirectory(path, shown);
  if (!isFolder) {
    const file = readSource(path, base);
    return hasModels(file) ? [file] : withSiblings(file, path, base);
  }
  const files = prismaFilesBelow(path).map((each) => readSource(each, base));
  if (files.length === 0) {
    throw new UsageError(`${shown} holds no .prisma file`, "name the schema: --schema path/to/schema.prisma");
  }
  return oneSchemaOf(files, shown);
}

function isDirectory(path: string, shown: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is nothing" : String(error);
    throw new UsageError(
      `no Prisma schema at ${shown}: ${reason}`,
      "name the schema: --schema path/to/schema.prisma (or the folder of a multi-file schema)",
    );
  }
}

function readSource(path: string, base: string): SourceFile {
  try {
    return { path: shownPath(path, base), text: readFileSync(path, "utf8").replace(/^\uFEFF/, "") };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `can't read the Prisma schema ${shownPath(path, base)}: ${code ?? message}`,
      "check the path and its permissions",
    );
  }
}

/** A main file without models, as multi-file schemas have one: its folder is the schema. */
function withSiblings(file: SourceFile, path: string, base: string): SourceFile[] {
  const siblings = prismaFilesBelow(dirname(path)).filter((each) => each !== path);
  const files = [file, ...siblings.map((each) => readSource(each, base))];
  return files.length === 1 ? files : oneSchemaOf(files, shownPath(dirname(path), base));
}

function prismaFilesBelow(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name) && !entry.name.startsWith("."))
        found.push(...prismaFilesBelow(path));
    } else if (entry.name.endsWith(".prisma")) found.push(path);
  }
  return found.sort();
}

/** Of several schemas in one folder, the one whose datasource stands nearest to its top. */
function oneSchemaOf(files: readonly SourceFile[], shown: string): SourceFile[] {
  const heads = files.filter((file) => scanBlocks(file.text).some((block) => block.keyword === "datasource"));
  if (heads.length <= 1) return [...files];
  const depth = (file: SourceFile) => file.path.split("/").length;
  const top = Math.min(...heads.map(depth));
  const nearest = heads.filter((head) => depth(head) === top);
  const named = nearest.filter((head) => mainNames.has(basename(head.path)));
  const main = nearest.length === 1 ? nearest[0] : named.length === 1 ? named[0] : undefined;
  if (!main) {
    throw new UsageError(
      `${shown} holds ${heads.length} schemas, each with a datasource of its own: ${heads.map((head) => head.path).join(", ")}`,
      `name the one that is meant: --schema ${heads[0]!.path}`,
    );
  }
  return files.filter((file) => nearestHead(file, heads, main) === main);
}

function nearestHead(file: SourceFile, heads: readonly SourceFile[], main: SourceFile): SourceFile {
  if (heads.includes(file)) return file;
  const shared = (head: SourceFile) => sharedFolders(dirname(head.path), dirname(file.path));
  const best = Math.max(...heads.map(shared));
  const nearest = heads.filter((head) => shared(head) === best);
  return nearest.includes(main) ? main : nearest[0]!;
}

function sharedFolders(left: string, right: string): number {
  const [a, b] = [left.split("/"), right.split("/")];
  let count = 0;
  while (count < a.length && a[count] === b[count]) count += 1;
  return count;
}

function hasModels(file: SourceFile): boolean {
  return scanBlocks(file.text).some((block) => block.keyword === "model" || block.keyword === "view");
}
