import type { Application, Field, Key, Model, Relation } from "../application.js";
import { Dice } from "../dice.js";
import { lowerFirst } from "../words.js";

/** The application's Prisma schema: file name to text. */
export function renderSchema(application: Application): Record<string, string> {
  const { models, style } = application;
  const dice = new Dice(style.seed);
  const blocks = models.flatMap((model) => renderModel(application, model, dice));
  const head = [datasource(application, dice), generator(dice), ...enums(application)];
  if (style.schemaFiles === "one") return { "prisma/schema.prisma": text([...head, ...blocks]) };
  const half = Math.ceil(blocks.length / 2);
  return {
    "prisma/schema/main.prisma": text(head),
    "prisma/schema/a.prisma": text(blocks.slice(0, half)),
    "prisma/schema/deeper/b.prisma": text(blocks.slice(half)),
  };
}

/** What `--schema` names. */
export function schemaPath({ style }: Application): string {
  return style.schemaFiles === "one" ? "prisma/schema.prisma" : "prisma/schema";
}

function text(blocks: readonly string[]): string {
  return `${blocks.join("\n\n")}\n`;
}

function datasource({ schemas, relationMode, style }: Application, dice: Dice): string {
  const old = relationMode === "prisma" && dice.chance(0.3) ? "referentialIntegrity" : "relationMode";
  const lines = [
    'provider = "postgresql"',
    ...(style.datasource === "url" ? ['url = env("DATABASE_URL") // "postgres://"'] : []),
    ...(style.datasource === "url" && dice.chance(0.3) ? ['directUrl = env("DIRECT_URL")'] : []),
    ...(relationMode === "prisma" ? [`${old} = "prisma"`] : []),
    ...(schemas.length ? [`schemas = [${schemas.map(quote).join(", ")}]`] : []),
  ];
  return block("datasource db", lines);
}

/** Old schemas name preview features that no longer exist. */
function generator(dice: Dice): string {
  const removed = dice.chance(0.3) ? ["metrics", "multiSchema", "driverAdapters"] : [];
  const features = ["views", ...removed].map(quote).join(", ");
  const provider = dice.pick(["prisma-client-js", "prisma-client"]);
  return block("generator client", [`provider = ${quote(provider)}`, `previewFeatures = [${features}]`]);
}

function enums({ enumName, schemas }: Application): string[] {
  const schema = schemas[0] === undefined ? [] : [`@@schema(${quote(schemas[0])})`];
  return [block(`enum ${enumName}`, ["OPEN", "CLOSED", ...schema])];
}

function renderModel(application: Application, model: Model, dice: Dice): string[] {
  const { role, view, commentedOut } = model;
  if (role === "join" || role === "stranger") return [];
  if (role === "unmapped" && !commentedOut) return [];
  const isBare = role === "ignored" || role === "unmapped";
  const fields = model.fields.filter(({ inSchema }) => inSchema);
  const keys = model.keys.filter(({ inSchema }) => inSchema || isBare);
  const onFields = new Set(keys.filter((key) => mayStandOnField(key) && dice.chance(0.7)));
  const relations = isBare ? [] : model.relations.filter(({ declared }) => declared);
  const lines = [
    ...fields.map((field) => fieldLine(model, field, [...onFields])),
    ...relations.map((relation) => relationLine(application, model, relation, dice)),
    ...(isBare ? [] : backLines(application, model)),
    ...keys.filter((key) => !onFields.has(key)).map((key) => keyLine(model, key, dice)),
    ...(model.table === model.name ? [] : [`@@map(${quote(model.table)})`]),
    ...(application.schemas.length ? [`@@schema(${quote(model.schema)})`] : []),
    ...(role === "ignored" ? ["@@ignore"] : []),
  ];
  const whole = block(`${view ? "view" : "model"} ${model.name}`, lines);
  if (commentedOut === "block") return [`/*\n${whole}\n*/`];
  return [commentedOut === "line" ? whole.replace(/^/gm, "// ") : whole];
}

function mayStandOnField({ kind, fields }: Key): boolean {
  return kind !== "index" && fields.length === 1;
}

function fieldLine(model: Model, field: Field, keys: readonly Key[]): string {
  const { name, column, type, required } = field;
  const arity = type.isList ? "[]" : required ? "" : "?";
  const own = keys.filter(({ fields }) => fields[0] === field);
  return [
    name,
    `${type.prisma}${arity}`,
    ...own.map((key) => `@${key.kind}${nameOf(key, model) ? `(${nameOf(key, model)})` : ""}`),
    ...(field.default ? [`@default(${field.default})`] : []),
    ...(column === name ? [] : [`@map(${quote(column)})`]),
    ...(type.native ? [`@db.${type.native}`] : []),
  ].join(" ");
}

/** Prisma's own names are made of the table's and the columns': where those are long all are cut to the same. */
function nameOf({ name, fields }: Key, model: Model): string | undefined {
  return isLong(model, fields) ? `map: ${quote(name)}` : undefined;
}

function isLong({ table }: Model, fields: readonly Field[]): boolean {
  return Buffer.byteLength([table, ...fields.map(({ column }) => column)].join("_")) > 50;
}

function keyLine(model: Model, key: Key, dice: Dice): string {
  const { kind, fields, method, schemaMethod } = key;
  const sort = kind === "index" && !method && !schemaMethod && dice.chance(0.1) ? "(sort: Desc)" : "";
  const names = fields.map(({ name }, index) => (index === 0 ? name + sort : name)).join(", ");
  const type = schemaMethod ? `, type: ${schemaMethod}` : method ? ", type: Hash" : "";
  const label = dice.chance(0.1) ? "fields: " : "";
  const map = nameOf(key, model);
  return `@@${kind}(${label}[${names}]${type}${map ? `, ${map}` : ""})`;
}

function relationLine(application: Application, child: Model, relation: Relation, dice: Dice): string {
  const { fields, references, target } = relation;
  const names = (list: readonly Field[]) => list.map(({ name }) => name).join(", ");
  const name = relationName(application, child, relation);
  const mark = fields.every(({ required }) => required) ? "" : "?";
  const restrict = dice.pick(["", "", ", onDelete: Cascade", ", onDelete: NoAction", ", onDelete: Restrict"]);
  // Prisma emulates the actions itself then, and refuses those that could run in a circle.
  const emulated = ", onDelete: Restrict, onUpdate: Restrict";
  const action = application.relationMode === "prisma" ? emulated : restrict;
  const map = isLong(child, fields) ? `, map: ${quote(`fk of ${child.name} ${relation.name}`)}` : "";
  const first = name === undefined ? "" : `${quote(name)}, `;
  return `${relation.name} ${target.name}${mark} @relation(${first}fields: [${names(fields)}], references: [${names(references)}]${action}${map})`;
}

/** A name where two models have more than one relation, or a model one to itself. */
function relationName(application: Application, child: Model, relation: Relation): string | undefined {
  const isOnly = relationsBetween(application, child, relation.target) === 1 && child !== relation.target;
  return isOnly ? undefined : `${child.name}_${relation.name}`;
}

function relationsBetween({ models }: Application, left: Model, right: Model): number {
  const isBetween = (one: Model, other: Model) =>
    (one === left && other === right) || (one === right && other === left);
  return models.reduce((sum, each) => {
    if (each.role !== "join") {
      return (
        sum + each.relations.filter(({ declared, target }) => declared && isBetween(each, target)).length
      );
    }
    const [a, b] = each.relations;
    return sum + (isBetween(a!.target, b!.target) ? 1 : 0);
  }, 0);
}

/** The lists on the other side of relations, and both sides of implicit many-to-many ones. */
function backLines(application: Application, model: Model): string[] {
  return application.models.flatMap((child) => {
    if (child.role === "join") return joinLines(application, child, model);
    if (child.role === "unmapped" || child.role === "ignored") return [];
    return child.relations
      .filter(({ declared, target }) => declared && target === model)
      .map((relation) => {
        const name = relationName(application, child, relation);
        const tail = name === undefined ? "" : ` @relation(${quote(name)})`;
        const arity = relation.isOneToOne ? "?" : "[]";
        return `${lowerFirst(child.name)}_${relation.name}_back ${child.name}${arity}${tail}`;
      });
  });
}

function joinLines(application: Application, join: Model, model: Model): string[] {
  const [a, b] = join.relations;
  const name = join.table.slice(1);
  const isOnly = relationsBetween(application, a!.target, b!.target) === 1 && a!.target !== b!.target;
  const isDefault = isOnly && name === `${a!.target.name}To${b!.target.name}`;
  const tail = isDefault ? "" : ` @relation(${quote(name)})`;
  const line = (side: string, other: Model) => `${side}_${lowerFirst(join.name)} ${other.name}[]${tail}`;
  return [
    ...(a!.target === model ? [line("left", b!.target)] : []),
    ...(b!.target === model ? [line("right", a!.target)] : []),
  ];
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;
}

function quote(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
