import { UsageError } from "../../findings/errors.js";
import { type Block, scanBlocks, stringArgument } from "./blocks.js";
import { buildModel, type PlacedBlock } from "./build-model.js";
import { type DatamodelIndex, type DatamodelModel, readDatamodel, type SourceFile } from "./datamodel.js";
import { readSchemaFiles } from "./files.js";
import { SuppressionReader } from "./suppressions.js";
import type { IgnoredModel, InlineSuppression, JoinTable, PrismaSchema } from "./types.js";

/**
 * Reads a Prisma schema of version 4 to 7, from one file or a folder. Nothing of the user's is changed or
 * run.
 *
 * @param path file or folder, absolute
 * @param base folder that shown paths are relative to
 * @throws UsageError where the schema is missing, empty, ambiguous or not valid.
 */
export function readPrismaSchema(path: string, base: string): PrismaSchema {
  return parsePrismaSchema(readSchemaFiles(path, base));
}

/** The same from texts in memory. */
export function parsePrismaSchema(files: readonly SourceFile[]): PrismaSchema {
  const datamodel = readDatamodel(files);
  const blocks = files.flatMap((file) =>
    scanBlocks(file.text).map((block) => ({ ...block, file: file.path })),
  );
  const notes: string[] = [];
  const readers = new Map(files.map(({ path, text }) => [path, new SuppressionReader(path, text, notes)]));
  const byName = new Map(
    blocks.filter((block) => isModelBlock(block)).map((block) => [block.name, block] as const),
  );
  const indexesOf = new Map<string, DatamodelIndex[]>();
  for (const index of datamodel.indexes)
    indexesOf.set(index.model, [...(indexesOf.get(index.model) ?? []), index]);
  const models = datamodel.models.map((model) => {
    const block = byName.get(model.name)!;
    return buildModel(model, indexesOf.get(model.name) ?? [], block, readers.get(block.file)!);
  });
  if (models.length === 0) {
    throw new UsageError(
      `the Prisma schema has no models (${files.map((file) => file.path).join(", ")})`,
      "name the schema that has them: --schema path/to/schema.prisma, or the folder of a multi-file schema",
    );
  }
  const joined = joinTables(datamodel.models, (model, field) => {
    const block = byName.get(model)!;
    const comments = block.statements.find((statement) => statement.name === field)?.comments ?? [];
    return readers.get(block.file)!.read(comments);
  });
  for (const reader of readers.values()) reader.finish();
  const visible = new Set(models.map((model) => model.name));
  const ignoredModels = blocks
    .filter((block) => isModelBlock(block) && !visible.has(block.name))
    .map((block) => ignoredModel(block));
  return {
    files: files.map((file) => file.path),
    ...datasource(blocks),
    models,
    ignoredModels,
    joinTables: joined,
    notes,
  };
}

function isModelBlock(block: Block): boolean {
  return block.keyword === "model" || block.keyword === "view";
}

function datasource(blocks: readonly PlacedBlock[]) {
  const statements = blocks.find((block) => block.keyword === "datasource")?.statements ?? [];
  const text = (name: string) => statements.find((statement) => statement.name === name)?.text ?? "";
  const mode = text("relationMode") || text("referentialIntegrity");
  const urlVariable = /env\(\s*"([^"]+)"\s*\)/.exec(text("url"))?.[1];
  return {
    provider: /"([^"]+)"/.exec(text("provider"))?.[1] ?? "postgresql",
    relationMode: mode.includes('"prisma"') ? ("prisma" as const) : ("foreignKeys" as const),
    schemas: [...text("schemas").matchAll(/"([^"]+)"/g)].map((match) => match[1]!),
    ...(urlVariable ? { urlVariable } : {}),
  };
}

function ignoredModel(block: PlacedBlock): IgnoredModel {
  const attribute = (name: string) => block.statements.find((statement) => statement.name === name);
  const map = attribute("@@map");
  const schema = attribute("@@schema");
  return {
    name: block.name,
    table: (map && stringArgument(map.text)) ?? block.name,
    schema: (schema && stringArgument(schema.text)) ?? null,
    location: { file: block.file, line: block.line },
  };
}

/** Implicit many-to-many relations: lists on both sides. Prisma sorts the two models by name. */
function joinTables(
  models: readonly DatamodelModel[],
  suppressionsOf: (model: string, field: string) => readonly InlineSuppression[],
): JoinTable[] {
  const tables = new Map<string, JoinTable>();
  const byName = new Map(models.map((model) => [model.name, model]));
  for (const model of models) {
    for (const field of model.fields) {
      const other = byName.get(field.type);
      if (field.kind !== "object" || !field.isList || !other || !field.relationName) continue;
      const back = other.fields.find(
        (candidate) =>
          candidate.relationName === field.relationName &&
          candidate.type === model.name &&
          !(other === model && candidate.name === field.name),
      );
      if (!back?.isList) continue;
      const [a, b] = [model.name, other.name].sort() as [string, string];
      const schema = byName.get(a)!.schema ?? null;
      // Relations of one name may stand in several PostgreSQL schemas.
      const id = JSON.stringify([schema, field.relationName]);
      const known = tables.get(id)?.suppressions ?? [];
      tables.set(id, {
        table: `_${field.relationName}`,
        schema,
        a,
        b,
        suppressions: [...known, ...suppressionsOf(model.name, field.name)],
      });
    }
  }
  return [...tables.values()];
}
