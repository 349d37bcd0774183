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
    ...fields.map((field) => fieldLine(field, [...onFields])),
    ...relations.map((relation) => relationLine(application, model, relation, dice)),
    ...(isBare ? [] : backLines(application, model)),
    ...keys.filter((key) => !onFields.has(key)).map((key) => keyLine(key, dice)),
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

function fieldLine(field: Field, keys: readonly Key[]): string {
  const { name, column, type, required } = field;
  const arity = type.isList ? "[]" : required ? "" : "?";
  const own = keys.filter(({ fields }) => fields[0] === field);
  return [
    name,
    `${type.prisma}${arity}`,
    ...own.map(({ kind }) => `@${kind}`),
    ...(field.default ? [`@default(${field.default})`] : []),
    ...(column === name ? [] : [`@map(${quote(column)})`]),
    ...(type.native ? [`@db.${type.native}`] : []),
  ].join(" ");
}

function keyLine({ kind, fields, method, schemaMethod }: Key, dice: Dice): string {
  const sort = kind === "index" && !method && !schemaMethod && dice.chance(0.1) ? "(sort: Desc)" : "";
  const names = fields.map(({ name }, index) => (index === 0 ? name + sort : name)).join(", ");
  const type = method ? ", type: Hash" : schemaMethod ? `, type: ${schemaMethod}` : "";
  const label = dice.chance(0.1) ? "fields: " : "";
  return `@@${kind}(${label}[${names}]${type})`;
}

function relationLine(application: Application, child: Model, relation: Relation, dice: Dice): string {
  const { fields, references, target } = relation;
  const names = (list: readonly Field[]) => list.map(({ name }) => name).join(", ");
  const name = relationName(application, child, relation);
  const mark = fields.every(({ required }) => required) ? "" : "?";
  const action = dice.pick(["", "", ", onDelete: Cascade", ", onDelete: NoAction"]);
  const first = name === undefined ? "" : `${quote(name)}, `;
  return `${relation.name} ${target.name}${mark} @relation(${first}fields: [${names(fields)}], references: [${names(references)}]${action})`;
}

/** A name where two models have more than one relation, or a model one to itself. */
function relationName({ models }: Application, child: Model, relation: Relation): string | undefined {
  const isBetween = (left: Model, right: Model) =>
    (left === child && right === relation.target) || (left === relation.target && right === child);
  const count = models.reduce((sum, each) => {
    if (each.role === "join") {
      const [a, b] = each.relations;
      return sum + (isBetween(a!.target, b!.target) ? 1 : 0);
    }
    return sum + each.relations.filter(({ declared, target }) => declared && isBetween(each, target)).length;
  }, 0);
  return count > 1 || child === relation.target ? `${child.name}_${relation.name}` : undefined;
}

/** The lists on the other side of relations, and both sides of implicit many-to-many ones. */
function backLines(application: Application, model: Model): string[] {
  return application.models.flatMap((child) => {
    if (child.role === "join") return joinLines(child, model);
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

function joinLines(join: Model, model: Model): string[] {
  const [a, b] = join.relations;
  const name = join.table.slice(1);
  const tail = name === `${a!.target.name}To${b!.target.name}` ? "" : ` @relation(${quote(name)})`;
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
