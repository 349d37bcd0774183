import type { Application, Constraint, Field, Key, Model, Relation, Row } from "../application.js";
import { belongs } from "../ownership.js";
import type { Value } from "../scalars.js";

/** What makes the application's database. */
export interface Script {
  /** One batch. */
  readonly main: string;
  /** Statements of their own; the unique builds among them fail and leave what they should. */
  readonly afterwards: readonly { readonly sql: string; readonly mayFail: boolean }[];
}

export function renderSql(application: Application): Script {
  const { models, enumName, schemas, defaultSchema, style } = application;
  const tables = models.filter(({ inDatabase, view }) => inDatabase && !view);
  const enumSchema = schemas[0] ?? defaultSchema;
  const main = [
    ...[...new Set([defaultSchema, ...schemas, ...tables.map(({ schema }) => schema)])].map(
      (name) => `create schema if not exists ${identifier(name)};`,
    ),
    `create type ${identifier(enumSchema)}.${identifier(enumName)} as enum ('OPEN', 'CLOSED');`,
    ...tables.flatMap(createTable),
    ...tables.flatMap((model) =>
      insert(
        model,
        model.rows.filter(({ isLate }) => !isLate),
      ),
    ),
    ...tables.flatMap((model) => addUnproven(model)),
    ...tables.flatMap((model) =>
      indexes(model)
        .filter((key) => !isFailedBuild(key))
        .flatMap((key) => createIndex(model, key)),
    ),
    ...tables.flatMap((model) => model.relations.flatMap((relation) => addConstraint(model, relation))),
    "set local session_replication_role = replica;",
    ...tables.flatMap((model) =>
      insert(
        model,
        model.rows.filter(({ isLate }) => isLate),
      ),
    ),
    ...tables.flatMap(disableTriggers),
    ...tables
      .filter(({ hasRowSecurity }) => hasRowSecurity)
      .map((model) => `alter table ${qualified(model)} enable row level security;`),
    ...models.flatMap(createView),
  ];
  const failed = tables.flatMap((model) =>
    indexes(model)
      .filter(isFailedBuild)
      .map((key) => buildUnique(model, key)),
  );
  const statistics = { none: [], analyze: ["analyze"], vacuum: ["vacuum (analyze)"] }[style.statistics];
  return {
    main: `${main.join("\n")}\n`,
    afterwards: [
      ...failed.map((sql) => ({ sql, mayFail: true })),
      ...statistics.map((sql) => ({ sql, mayFail: false })),
    ],
  };
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(value: Value): string {
  if (value === null) return "null";
  return `'${String(value).replaceAll("'", "''")}'`;
}

function qualified({ schema, table, databaseTable }: Model): string {
  return `${identifier(schema)}.${identifier(databaseTable ?? table)}`;
}

function list(fields: readonly Field[]): string {
  return fields.map(({ column }) => identifier(column)).join(", ");
}

function createTable(model: Model): string[] {
  const columns = model.fields
    .filter(({ inDatabase }) => inDatabase)
    .map(
      ({ column, databaseType, type, notNull }) =>
        `  ${identifier(column)} ${databaseType ?? type.sql}${notNull === true ? " not null" : ""}`,
    );
  const { partitioning } = model;
  const by = partitioning
    ? ` partition by ${partitioning.by} (${identifier(partitioning.column.column)})`
    : "";
  return [`create table ${qualified(model)} (\n${columns.join(",\n")}\n)${by};`, ...createPartitions(model)];
}

function createPartitions(model: Model): string[] {
  const { partitioning, rows } = model;
  if (!partitioning) return [];
  const { by, column, names } = partitioning;
  const values = [...new Set(rows.map((row) => row.values.get(column) ?? null))];
  return names.map((name, index) => {
    const head = `create table ${partition(model, name)} partition of ${qualified(model)}`;
    if (by === "hash") return `${head} for values with (modulus ${names.length}, remainder ${index});`;
    const own = values.filter((_, at) => at % names.length === index);
    const isRest = index === names.length - 1 || own.length === 0;
    if (index === names.length - 1) return `${head} default;`;
    return isRest ? "" : `${head} for values in (${own.map(literal).join(", ")});`;
  });
}

/** Partitions that were made: a list partition without values is not. */
function partitionsOf(model: Model): string[] {
  const { partitioning, rows } = model;
  if (!partitioning) return [];
  const { by, column, names } = partitioning;
  const values = new Set(rows.map((row) => row.values.get(column) ?? null)).size;
  return names.filter((_, index) => by === "hash" || index === names.length - 1 || index < values);
}

function partition(model: Model, name: string): string {
  return `${identifier(model.schema)}.${identifier(name)}`;
}

function insert(model: Model, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const fields = model.fields.filter(({ inDatabase }) => inDatabase);
  const tuples = rows.map(
    (row) => `(${fields.map((field) => literal(row.values.get(field) ?? null)).join(", ")})`,
  );
  return [`insert into ${qualified(model)} (${list(fields)}) values\n${tuples.join(",\n")};`];
}

/** NOT NULL for new rows only. */
function addUnproven(model: Model): string[] {
  return model.fields
    .filter(({ notNull, inDatabase }) => notNull === "unproven" && inDatabase)
    .map(
      ({ column }) =>
        `alter table ${qualified(model)} add constraint "later" not null ${identifier(column)} not valid;`,
    );
}

function indexes(model: Model): Key[] {
  return model.keys.filter(({ inDatabase, fields, include = [] }) => {
    return inDatabase && [...fields, ...include].every((field) => field.inDatabase);
  });
}

function isFailedBuild({ kind, isInvalid }: Key): boolean {
  return kind === "unique" && isInvalid === true;
}

function buildUnique(model: Model, { name, fields }: Key): string {
  return `create unique index concurrently ${identifier(name)} on ${qualified(model)} (${list(fields)})`;
}

function createIndex(model: Model, key: Key): string[] {
  const { kind, name, fields, isInvalid, onPartitions } = key;
  if (kind === "id") {
    return [
      `alter table ${qualified(model)} add constraint ${identifier(name)} primary key (${list(fields)});`,
    ];
  }
  if (onPartitions) {
    const all = partitionsOf(model);
    const own = onPartitions === "all" ? all : all.slice(0, -1);
    return own.map((each, index) => indexOn(partition(model, each), key, `${name} ${index}`));
  }
  if (isInvalid && model.partitioning) return [indexOn(`only ${qualified(model)}`, key, name)];
  const path = literal(`${identifier(model.schema)}.${identifier(name)}`);
  const spoil = `update pg_catalog.pg_index set indisvalid = false where indexrelid = ${path}::regclass;`;
  return [indexOn(qualified(model), key, name), ...(isInvalid ? [spoil] : [])];
}

function indexOn(place: string, key: Key, name: string): string {
  const { kind, fields, method, predicate, isExpression, include } = key;
  const [first] = fields;
  const column = identifier(first!.column);
  const what = isExpression ? `lower(${column}::text)` : list(fields);
  const where =
    predicate === "not null" ? ` where ${column} is not null` : ` where length(${column}::text) > 1000`;
  return [
    `create ${kind === "unique" ? "unique " : ""}index ${identifier(name)} on ${place}`,
    ` using ${method ?? "btree"} (${what})`,
    include ? ` include (${list(include)})` : "",
    predicate ? where : "",
    ";",
  ].join("");
}

function addConstraint(model: Model, relation: Relation): string[] {
  const { constraint, target, references, fields } = relation;
  if (!constraint || !fields.every(({ inDatabase }) => inDatabase)) return [];
  const parent = constraint.elsewhere ?? { model: target, fields: references };
  const inOrder = (each: readonly Field[]) => (constraint.isReversed ? [...each].reverse() : each);
  const key = `foreign key (${list(inOrder(fields))}) references ${qualified(parent.model)} (${list(inOrder(parent.fields))})`;
  const places = constraint.onPartitions
    ? partitionsOf(model).map((name) => partition(model, name))
    : [qualified(model)];
  return places.map(
    (place) =>
      `alter table ${place} add constraint ${identifier(constraint.name)} ${key}${suffix(constraint)};`,
  );
}

function suffix({ state }: Constraint): string {
  return { valid: "", "not valid": " not valid", "not enforced": " not enforced" }[state];
}

function disableTriggers(model: Model): string[] {
  const isOff = model.relations.some(({ constraint }) => constraint?.areTriggersDisabled);
  return isOff ? [`alter table ${qualified(model)} disable trigger all;`] : [];
}

function createView(model: Model): string[] {
  if (!model.view || !model.inDatabase) return [];
  const { of, isMaterialized } = model.view;
  const kind = isMaterialized ? "materialized view" : "view";
  return [`create ${kind} ${qualified(model)} as select ${list(model.fields)} from ${qualified(of)};`];
}

/** Tables outside every schema of the application, and views without a model: nobody's concern. */
export function renderSurroundings({ models, tenant, tenantKey, defaultSchema }: Application): string {
  const scoped = models.find((model) => model.role === "scoped" && belongs(model) && model.inDatabase);
  const column = scoped?.tenantField;
  const lines = [
    `create schema "elsewhere";`,
    `create table ${identifier(defaultSchema)}."_prisma_migrations" (id varchar(36) primary key, logs text);`,
    `create table "elsewhere"."copy" as select * from ${qualified(tenant)};`,
  ];
  if (column?.inDatabase) {
    const name = identifier(column.column);
    lines.push(
      `create table "elsewhere"."lost" (${name} ${tenantKey.type.sql}, note text);`,
      `create view ${identifier(defaultSchema)}."an overview" as select ${name} from ${qualified(scoped!)};`,
    );
  }
  return `${lines.join("\n")}\n`;
}
