import type { RuleId } from "../../../src/findings/rules.js";
import type { Field, Model, Relation, Row } from "./application.js";
import { stored } from "./words.js";

/** A finding that has to be there, once. */
export interface Expected {
  readonly rule: RuleId;
  /** What the finding is about, by the keys that identify it. */
  readonly subject: Readonly<Record<string, string>>;
  /** For rules that count: `evidence.rows`. */
  readonly rows?: number;
  /** Primary keys of those rows: the sample may hold no other. Undefined where the table has no such key. */
  readonly keys?: readonly string[];
}

/** Subject keys that name a table: a join table and one without a model have no model. */
export function tableOf(model: Model): Record<string, string> {
  const hasModel = !["join", "ignored", "unmapped", "stranger"].includes(model.role);
  return {
    ...(hasModel ? { model: model.name } : {}),
    schema: model.schema,
    table: stored(model.databaseTable ?? model.table),
  };
}

/** Columns of fields, in an order that does not depend on how a key lists them. */
export function columnsOf(fields: readonly Field[]): string {
  return fields
    .map(({ column }) => column)
    .sort()
    .join(", ");
}

function referencesOf({ target, references }: Pick<Relation, "target" | "references">): string {
  return `${target.schema}.${stored(target.databaseTable ?? target.table)}.${columnsOf(references)}`;
}

export function missingForeignKey(child: Model, relation: Relation): Expected {
  const subject = { column: columnsOf(relation.fields), references: referencesOf(relation) };
  return { rule: "db/missing-foreign-key", subject: { ...tableOf(child), ...subject } };
}

export function unvalidated(child: Model, { fields, constraint }: Relation): Expected {
  const subject = { column: columnsOf(fields), constraint: constraint!.name };
  return { rule: "db/unvalidated-foreign-key", subject: { ...tableOf(child), ...subject } };
}

export function wrongTarget(child: Model, { fields, constraint }: Relation): Expected {
  const subject = { column: columnsOf(fields), constraint: constraint!.name };
  return { rule: "db/wrong-foreign-key-target", subject: { ...tableOf(child), ...subject } };
}

/** A rule about one field of a model, as the registry rules name it. */
export function registryField(rule: RuleId, model: Model, field: Field | string): Expected {
  return { rule, subject: { model: model.name, field: typeof field === "string" ? field : field.name } };
}

export function registryModel(rule: RuleId, name: string): Expected {
  return { rule, subject: { model: name } };
}

/** A rule about one column of a table. */
export function column(rule: RuleId, model: Model, field: Field): Expected {
  return { rule, subject: { ...tableOf(model), column: field.column } };
}

/** Rows found by their tenant column: without a tenant, or with one that does not exist. */
export function tenantRows(
  rule: "db/null-tenant-rows" | "db/orphan-rows",
  model: Model,
  rows: readonly Row[],
): Expected {
  return { ...column(rule, model, model.tenantField!), ...counted(model, rows) };
}

/** Rows found by a foreign key: their parent is missing, or another tenant's. */
export function relationRows(
  rule: "db/orphan-rows" | "db/cross-tenant-reference",
  model: Model,
  relation: Relation,
  rows: readonly Row[],
): Expected {
  const subject = { column: columnsOf(relation.fields), references: referencesOf(relation) };
  return { rule, subject: { ...tableOf(model), ...subject }, ...counted(model, rows) };
}

function counted(model: Model, rows: readonly Row[]): Pick<Expected, "rows" | "keys"> {
  const id = model.keys.find(({ kind, inDatabase }) => kind === "id" && inDatabase);
  if (!id) return { rows: rows.length };
  const keys = rows.map((row) => rowKey(id.fields.map((field) => [field.column, row.values.get(field)])));
  return { rows: rows.length, keys };
}

/** A primary key as text, whether it comes from here or from a report. */
export function rowKey(pairs: readonly (readonly [column: string, value: unknown])[]): string {
  if (pairs.length === 1) return String(pairs[0]![1]);
  return JSON.stringify([...pairs].map(([name, value]) => [name, String(value)]).sort());
}
