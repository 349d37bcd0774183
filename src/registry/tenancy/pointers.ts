import type { Model, PrismaSchema } from "../schema/types.js";
import { columnStem, isColumnFor, modelStem } from "./words.js";

/** Which models point at which, by which single column: by a relation, or by the column's name alone. */
export class Pointers {
  private readonly byRelation = new Map<string, Map<string, Set<Model>>>();
  private readonly byStem = new Map<string, Map<string, Set<Model>>>();

  constructor(schema: PrismaSchema) {
    for (const holder of schema.models) {
      const related = new Set(holder.relations.flatMap((relation) => relation.fields));
      for (const { target, fields } of holder.relations) {
        if (fields.length === 1 && target !== holder.name) note(this.byRelation, target, fields[0]!, holder);
      }
      for (const { name, isList } of holder.fields) {
        const stem = related.has(name) || isList ? undefined : columnStem(name);
        if (stem !== undefined) note(this.byStem, stem, name, holder);
      }
    }
  }

  /** Columns that point at a model, each with the models that hold it. */
  at(model: Model): Map<string, Set<Model>> {
    const found = new Map<string, Set<Model>>();
    for (const source of [this.byRelation.get(model.name), this.byStem.get(modelStem(model.name))]) {
      for (const [column, holders] of source ?? []) {
        const others = [...holders].filter((holder) => holder !== model);
        if (others.length) found.set(column, new Set([...(found.get(column) ?? []), ...others]));
      }
    }
    return found;
  }

  /** The column by which most models point at a model; among equals the one that is named after it. */
  mainColumn(model: Model): string | undefined {
    const byUse = [...this.at(model)].sort(
      ([leftName, left], [rightName, right]) =>
        right.size - left.size ||
        Number(isColumnFor(rightName, model.name)) - Number(isColumnFor(leftName, model.name)) ||
        (leftName < rightName ? -1 : 1),
    );
    return byUse[0]?.[0];
  }
}

function note(index: Map<string, Map<string, Set<Model>>>, key: string, column: string, holder: Model): void {
  const columns = index.get(key) ?? new Map<string, Set<Model>>();
  columns.set(column, (columns.get(column) ?? new Set<Model>()).add(holder));
  index.set(key, columns);
}
