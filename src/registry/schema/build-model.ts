import { type Block, listedFields, type Statement, stringArgument } from "./blocks.js";
import type { DatamodelField, DatamodelIndex, DatamodelModel } from "./datamodel.js";
import type { SuppressionReader } from "./suppressions.js";
import type { Field, IgnoredField, InlineSuppression, Key, Location, Model, Relation } from "./types.js";

export type PlacedBlock = Block & { readonly file: string };

type Locate = (name: string) => Location;

/** A model from what the parser says it means and where the scanner found it. */
export function buildModel(
  model: DatamodelModel,
  indexes: readonly DatamodelIndex[],
  block: PlacedBlock,
  reader: SuppressionReader,
): Model {
  const { file } = block;
  const statementOf = new Map(block.statements.map((statement) => [statement.name, statement]));
  const locate: Locate = (name) => ({ file, line: statementOf.get(name)?.line ?? block.line });
  const suppressionsOf = (name: string) => reader.read(statementOf.get(name)?.comments ?? []);
  const relations = relationsOf(model, statementOf, locate, suppressionsOf);
  // A comment above a relation is about the column that it holds.
  const above = (name: string) => [
    ...suppressionsOf(name),
    ...relations.filter(({ fields }) => fields.join() === name).flatMap(({ suppressions }) => suppressions),
  ];
  const keys = keysOf(indexes, block, locate, reader);
  const otherAttributes = block.statements.filter(({ name }) => /^@@(?!id$|unique$)/.test(name));
  return {
    name: model.name,
    kind: block.keyword === "view" ? "view" : "model",
    table: model.dbName ?? model.name,
    schema: model.schema ?? null,
    fields: model.fields
      .filter((field) => field.kind !== "object")
      .map(
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
          suppressions: above(field.name),
        }),
      ),
    fieldNames: block.statements.map(({ name }) => name).filter((name) => !name.startsWith("@@")),
    ignoredFields: ignoredFields(block, locate),
    relations,
    keys,
    location: { file, line: block.line },
    suppressions: reader.read([...block.comments, ...otherAttributes.flatMap(({ comments }) => comments)]),
  };
}

/** The datamodel leaves them out. */
function ignoredFields(block: Block, locate: Locate): IgnoredField[] {
  const string = /"(?:[^"\\]|\\.)*"/g;
  return block.statements
    .filter(({ name, text }) => !name.startsWith("@@") && /\s@ignore\b/.test(text.replace(string, '""')))
    .map(({ name, text }) => {
      const map = /\s@map\(.*/s.exec(text)?.[0];
      return { name, column: (map && stringArgument(map)) ?? name, location: locate(name) };
    });
}

const generators: ReadonlySet<string> = new Set([
  ...["uuid", "cuid", "ulid", "nanoid", "auto", "autoincrement", "sequence", "dbgenerated"],
]);

function hasGeneratedDefault({ default: value }: DatamodelField): boolean {
  return typeof value === "object" && value !== null && "name" in value && generators.has(String(value.name));
}

function relationsOf(
  model: DatamodelModel,
  statementOf: ReadonlyMap<string, Statement>,
  locate: Locate,
  suppressionsOf: (name: string) => readonly InlineSuppression[],
): Relation[] {
  const isRequired = new Map(model.fields.map((field) => [field.name, field.isRequired]));
  return model.fields
    .filter((field) => field.kind === "object" && field.relationFromFields?.length)
    .map((field) => {
      const fields = field.relationFromFields!;
      const name = stringArgument(statementOf.get(field.name)?.text ?? "", "map");
      // Prisma takes SET NULL only where each column of the key may be null.
      const isOptional = fields.every((each) => isRequired.get(each) === false);
      return {
        field: field.name,
        fields,
        target: field.type,
        references: field.relationToFields ?? [],
        isRequired: fields.every((each) => isRequired.get(each) === true),
        onDelete: field.relationOnDelete ?? (isOptional ? "SetNull" : "Restrict"),
        onUpdate: field.relationOnUpdate ?? "Cascade",
        ...(name === undefined ? {} : { name }),
        location: locate(field.name),
        suppressions: suppressionsOf(field.name),
      };
    });
}

function keysOf(
  indexes: readonly DatamodelIndex[],
  block: Block,
  locate: Locate,
  reader: SuppressionReader,
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
    const statement = attribute ?? block.statements.find(({ name }) => name === fields[0]);
    return [
      {
        kind,
        fields,
        ...(index.dbName ? { name: index.dbName } : {}),
        ...(index.algorithm && index.algorithm !== "BTree" ? { algorithm: index.algorithm } : {}),
        descending: index.fields.filter(({ sortOrder }) => sortOrder === "desc").map(({ name }) => name),
        hasOperatorClasses: index.fields.some(({ operatorClass }) => operatorClass !== undefined),
        isPartial: attribute !== undefined && /[,(]\s*where:/.test(attribute.text),
        location: attribute ? { file, line: attribute.line } : locate(fields[0]!),
        suppressions: kind === "index" ? [] : reader.read(statement?.comments ?? []),
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
