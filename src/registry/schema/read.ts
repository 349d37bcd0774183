import { UsageError } from "../../findings/errors.js";
import { type Block, listedFields, type Statement, scanBlocks, stringArgument } from "./blocks.js";
import {
  type DatamodelField,
  type DatamodelIndex,
  type DatamodelModel,
  readDatamodel,
  type SourceFile,
} from "./datamodel.js";
import { readSchemaFiles } from "./files.js";
import { readSuppressions } from "./suppressions.js";
import type { Field, IgnoredModel, JoinTable, Key, Model, PrismaSchema, Relation } from "./types.js";

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
  const byName = new Map(
    blocks.filter((block) => isModelBlock(block)).map((block) => [block.name, block] as const),
  );
  const models = datamodel.models.map((model) =>
    buildModel(
      model,
      datamodel.indexes.filter((index) => index.model === model.name),
      byName.get(model.name)!,
      notes,
    ),
  );
  if (models.length === 0) {
    throw new UsageError(
      `the Prisma schema has no models (${files.map((file) => file.path).join(", ")})`,
      "name the schema that has them: --schema path/to/schema.prisma, or the folder of a multi-file schema",
    );
  }
  const visible = new Set(models.map((model) => model.name));
  const ignoredModels = blocks
    .filter((block) => isModelBlock(block) && !visible.has(block.name))
    .map((block) => ignoredModel(block));
  return {
    files: files.map((file) => file.path),
    ...datasource(blocks),
    models,
    ignoredModels,
    joinTables: joinTables(datamodel.models),
    notes,
  };
}

type PlacedBlock = Block & { readonly file: string };

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

function buildModel(
  model: DatamodelModel,
  indexes: readonly DatamodelIndex[],
  block: PlacedBlock,
  notes: string[],
): Model {
  const { file } = block;
  const statementOf = new Map(block.statements.map((statement) => [statement.name, statement]));
  const locate = (name: string) => ({ file, line: statementOf.get(name)?.line ?? block.line });
  const scalars = model.fields.filter((field) => field.kind !== "object");
  const attributeComments = block.statements
    .filter((statement) => statement.name.startsWith("@@"))
    .flatMap((statement) => statement.comments);
  return {
    name: model.name,
    kind: block.keyword === "view" ? "view" : "model",
    table: model.dbName ?? model.name,
    schema: model.schema ?? null,
    fields: scalars.map(
      (field): Field => ({
        name: field.name,
        column: field.dbName ?? field.name,
        type: field.type,
        nativeType: field.nativeType ?? null,
        isEnum: field.kind === "enum",
        isList: field.isList,
        isRequired: field.isRequired,
        isGenerated: hasGeneratedDefault(field),
        location: locate(field.name),
        suppressions: readSuppressions(statementOf.get(field.name)?.comments ?? [], file, notes),
      }),
    ),
    relations: relations(model, locate),
    keys: keys(indexes, block, locate),
    location: { file, line: block.line },
    suppressions: readSuppressions([...block.comments, ...attributeComments], file, notes),
  };
}

function hasGeneratedDefault(field: DatamodelField): boolean {
  return typeof field.default === "object" && field.default !== null && "name" in field.default;
}

function relations(
  model: DatamodelModel,
  locate: (field: string) => { file: string; line: number },
): Relation[] {
  const isRequired = new Map(model.fields.map((field) => [field.name, field.isRequired]));
  return model.fields
    .filter((field) => field.kind === "object" && field.relationFromFields?.length)
    .map((field) => ({
      field: field.name,
      fields: field.relationFromFields!,
      target: field.type,
      references: field.relationToFields ?? [],
      isRequired: field.relationFromFields!.every((name) => isRequired.get(name) === true),
      location: locate(field.name),
    }));
}

function keys(
  indexes: readonly DatamodelIndex[],
  block: Block,
  locate: (field: string) => { file: string; line: number },
): Key[] {
  const attributes = block.statements
    .filter((statement) => /^@@(id|unique|index)$/.test(statement.name))
    .map((statement) => ({ statement, signature: signature(statement.name, listedFields(statement.text)) }));
  const { file } = locate("");
  return indexes.flatMap((index): Key[] => {
    if (index.type === "fulltext") return [];
    const fields = index.fields.map((field) => field.name);
    const kind = index.type === "normal" ? "index" : index.type;
    const attribute = index.isDefinedOnField ? undefined : take(attributes, signature(`@@${kind}`, fields));
    return [
      {
        kind,
        fields,
        ...(index.dbName ? { name: index.dbName } : {}),
        ...(index.algorithm && index.algorithm !== "BTree" ? { algorithm: index.algorithm } : {}),
        isPartial: attribute !== undefined && /[,(]\s*where:/.test(attribute.text),
        location: attribute ? { file, line: attribute.line } : locate(fields[0]!),
      },
    ];
  });
}

function signature(attribute: string, fields: readonly string[]): string {
  return `${attribute} ${fields.join(",")}`;
}

/** The statement that declares a key; the datamodel has no positions, but lists keys in source order. */
function take(
  attributes: { statement: Statement; signature: string }[],
  wanted: string,
): Statement | undefined {
  const at = attributes.findIndex((attribute) => attribute.signature === wanted);
  return at < 0 ? undefined : attributes.splice(at, 1)[0]!.statement;
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
function joinTables(models: readonly DatamodelModel[]): JoinTable[] {
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
      tables.set(field.relationName, { table: `_${field.relationName}`, schema, a, b });
    }
  }
  return [...tables.values()];
}
