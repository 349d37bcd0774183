import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { UsageError } from "../findings/errors.js";
import {
  createIndexes,
  type IndexDefinition,
  indexName,
  outcomeOfPreview,
  parseIndexFile,
  previewIndex,
} from "../indexes/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute, type Work } from "./execute.js";
import { type IndexWorkFlags, withBuildOptions, withIndexWorkOptions } from "./index-options.js";
import { atEachDatabase, concluded, factsOf, type Place } from "./index-work.js";
import { withCommonOptions } from "./options.js";

interface CreateFlags extends IndexWorkFlags {
  readonly table?: string;
  readonly columns?: string;
  readonly name?: string;
  readonly unique?: boolean;
  readonly where?: string;
  readonly include?: string;
  readonly method?: string;
}

const about = `
Builds with CREATE INDEX CONCURRENTLY, which stops no reader and no writer, and
sees to everything that can go wrong with it: docs/indexes.md. What is there
already is compared by its definition. A build that fails leaves nothing; one
whose client was killed is found again by: tenantctl index resume`;

/** `tenantctl index create`: builds indexes without stopping anybody. */
export function indexCreateCommand(context: Context): Command {
  const own = new Command("create")
    .argument("[file]", "definitions, as tenantctl index plan --to writes them")
    .option("--table <name>", "in place of a file: the table, with its schema where that is not public")
    .option("--columns <list>", "its columns, by commas: tenantId,createdAt")
    .option("--name <name>", "the index's name (default: the one that Prisma gives it)")
    .option("--unique", "no two rows may have the same")
    .option("--where <sql>", "of these rows only")
    .option("--include <list>", "columns that it holds and does not sort by")
    .option("--method <name>", "gin, gist, hash… (default: btree)");
  return withCommonOptions(withBuildOptions(withIndexWorkOptions(own)))
    .description("builds indexes concurrently, supervised")
    .addHelpText(
      "after",
      `${about}\n${examples(
        "tenantctl index create --table assets --columns tenantId,createdAt --dry-run",
        "tenantctl index create --table assets --columns tenantId,createdAt --yes",
        "tenantctl index create indexes.json --env production --confirm production --jobs 2",
        "tenantctl index create indexes.json --yes --max-lag 30s --max-wal 20GB --min-free-disk 50GB",
      )}`,
    )
    .action(async (file: string | undefined, options: AllOptions & CreateFlags) => {
      const wanted = file === undefined ? fromFlags(options) : fromFile(context, file, options);
      await execute(context, "index create", options, async (work) => ({
        outcomes: await atEachDatabase(work, options, (place) =>
          options.dryRun ? preview(work, place, wanted) : create(work, place, wanted),
        ),
      }));
    });
}

async function create(work: Work, place: Place, wanted: readonly IndexDefinition[]) {
  const number = wanted.length === 1 ? "1 index" : `${wanted.length} indexes`;
  await place.requireConsent(`build ${number}`);
  const start = performance.now();
  const { results, journal } = await createIndexes(place.site, wanted);
  return concluded(work, place, results, [journal], performance.now() - start);
}

async function preview({ progress, context }: Work, place: Place, wanted: readonly IndexDefinition[]) {
  const start = performance.now();
  const previews = [];
  for (const definition of wanted) {
    context.signal.throwIfAborted();
    progress.update(`looking at ${definition.schema}.${definition.table}`);
    previews.push(await previewIndex(place.site, definition));
  }
  return outcomeOfPreview(previews, factsOf(place), performance.now() - start);
}

function fromFile(context: Context, file: string, options: CreateFlags): readonly IndexDefinition[] {
  for (const flag of ["table", "columns", "name", "unique", "where", "include", "method"] as const)
    if (options[flag] !== undefined)
      throw new UsageError(`--${flag} and a file say two things`, "give the file, or --table with --columns");
  let content: string;
  try {
    content = readFileSync(resolve(context.cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(
      `can't read ${file}: ${(error as NodeJS.ErrnoException).code}`,
      "tenantctl index plan --to FILE writes one",
    );
  }
  return parseIndexFile(content, file).indexes;
}

function fromFlags({ table, columns, name, unique, where, include, method }: CreateFlags): IndexDefinition[] {
  if (table === undefined || columns === undefined)
    throw new UsageError(
      "no index is named",
      "give a file, or --table NAME --columns a,b; tenantctl index plan proposes some",
    );
  const [schema, bare] = split(table);
  const definition = {
    schema,
    table: bare,
    columns: listed(columns).map((column) => ({ column })),
    ...(unique ? { unique } : {}),
    ...(where === undefined ? {} : { where }),
    ...(include === undefined ? {} : { include: listed(include) }),
    ...(method === undefined ? {} : { method }),
  };
  return [{ ...definition, name: indexName(definition, name) }];
}

function split(table: string): [string, string] {
  const at = table.indexOf(".");
  return at < 0 ? ["public", table] : [table.slice(0, at), table.slice(at + 1)];
}

function listed(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new UsageError(`the list ${text} has an empty name`, "write it as a,b");
}
