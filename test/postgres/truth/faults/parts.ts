import type { Field, Key, Model } from "../application.js";
import type { Scalar } from "../scalars.js";
import type { Ground } from "./ground.js";

/** Adds a column to a model, with a value in each row. */
export function addField(
  ground: Ground,
  model: Model,
  name: string,
  type: Scalar,
  more: Partial<Field> = {},
): Field {
  const required = more.required ?? true;
  const field: Field = {
    ...{ name, column: name, type, required, notNull: required, inSchema: true, inDatabase: true },
    ...more,
  };
  model.fields.push(field);
  for (const [index, row] of model.rows.entries()) row.values.set(field, type.value(ground.dice, index + 1));
  return field;
}

export function addKey(
  ground: Ground,
  model: Model,
  kind: Key["kind"],
  fields: readonly Field[],
  more: Partial<Key> = {},
): Key {
  const key: Key = { kind, name: ground.name("index"), fields, inSchema: true, inDatabase: true, ...more };
  model.keys.push(key);
  return key;
}

/** Adds a table that no model stands for. */
export function addTable(
  ground: Ground,
  role: "unmapped" | "stranger",
  schema: string,
  table: string,
): Model {
  const model: Model = {
    ...{ name: `Table${ground.models.length}`, role, schema, table, inDatabase: true },
    ...{ fields: [], keys: [], relations: [], tenantField: undefined, unitField: undefined, rows: [] },
  };
  ground.models.push(model);
  return model;
}
