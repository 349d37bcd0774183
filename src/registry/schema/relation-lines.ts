import type { SchemaEdit } from "../../findings/finding.js";
import type { Model } from "./types.js";

/** A relation that the schema lacks: the fields that hold it, and the fields that they point at. */
export interface LackingRelation {
  readonly child: Model;
  readonly fields: readonly string[];
  readonly parent: Model;
  readonly references: readonly string[];
  /** The constraint's name where it is not Prisma's own. */
  readonly map?: string | undefined;
}

/**
 * The lines of both models that declare a relation, under names that are free there: the field beside its key,
 * and the list on the other side. A relation that may be null restricts deletes, as the others do by default.
 */
export function relationLines({ child, fields, parent, references, map }: LackingRelation): SchemaEdit[] {
  const isOptional = fields.some(
    (name) => child.fields.find((field) => field.name === name)?.isRequired === false,
  );
  const field = freeFieldName(child, lowerFirst(parent.name));
  const list = freeFieldName(parent, `${lowerFirst(child.name)}s`, child === parent ? [field] : []);
  const name = isRelated(child, parent) ? `${child.name}_${fields.join("_")}` : undefined;
  const parts = [
    ...(name ? [`"${name}"`] : []),
    `fields: [${fields.join(", ")}]`,
    `references: [${references.join(", ")}]`,
    ...(isOptional ? ["onDelete: Restrict"] : []),
    ...(map ? [`map: "${map}"`] : []),
  ];
  const line = `${field} ${parent.name}${isOptional ? "?" : ""} @relation(${parts.join(", ")})`;
  const back = `${list} ${child.name}[]${name ? ` @relation("${name}")` : ""}`;
  if (child === parent) return [{ model: child.name, add: [line, back] }];
  return [
    { model: child.name, add: [line] },
    { model: parent.name, add: [back] },
  ];
}

/** Two relations between the same models, and one of a model to itself, need a name. */
function isRelated(child: Model, parent: Model): boolean {
  const pointsAt = (from: Model, to: Model) => from.relations.some(({ target }) => target === to.name);
  return child === parent || pointsAt(child, parent) || pointsAt(parent, child);
}

function freeFieldName({ fieldNames }: Model, wanted: string, taken: readonly string[] = []): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (!fieldNames.includes(name) && !taken.includes(name)) return name;
  }
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
