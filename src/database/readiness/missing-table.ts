import type { FindingDraft } from "../../findings/finding.js";
import { nearestName } from "../../findings/nearest.js";
import type { Audited } from "../audited.js";

/** A model or view that the database has no table or view for. */
export function missingTable({ missing, catalog, application }: Audited): FindingDraft[] {
  const names = catalog.tables.map((table) => table.name);
  return missing.map(({ model }) => {
    const schema = model.schema ?? application.defaultSchema;
    const elsewhere = catalog.tables.find((table) => table.name === model.table);
    const nearest = elsewhere ? undefined : nearestName(model.table, names);
    const clue = elsewhere
      ? ` There is one in schema ${elsewhere.schema}: is @@schema missing, or ?schema= in the URL?`
      : nearest
        ? ` The nearest name is ${nearest}: is @@map missing?`
        : "";
    return {
      rule: "db/missing-table" as const,
      subject: { model: model.name, schema, table: model.table, ...model.location },
      message: `${model.kind} ${model.name} has no ${model.kind === "view" ? "view" : "table"} ${schema}.${model.table}`,
      remedy: `Apply the migration that creates it (npx prisma migrate deploy), or remove the model.${clue}`,
      evidence: { ...(elsewhere ? { foundIn: elsewhere.schema } : {}), ...(nearest ? { nearest } : {}) },
    };
  });
}
