import type { Finding } from "../findings/finding.js";

/** What a remedy asks of the Prisma project, a line each: edits of the schema, then a migration's statements. */
export function prismaLines({ remedyPrisma }: Finding): string[] {
  if (!remedyPrisma) return [];
  const { schema, migration } = remedyPrisma;
  return [
    ...schema.flatMap(({ model, add = [], remove = [], change = [] }) => [
      ...add.map((line) => `schema: model ${model}: add ${line}`),
      ...remove.map((line) => `schema: model ${model}: remove ${line}`),
      ...change.map((line) => `schema: model ${model}: ${line}`),
    ]),
    ...migration.map((statement) => `migration: ${statement}`),
  ];
}
