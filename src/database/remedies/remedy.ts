/** What to run, statement by statement, and what keeps Prisma's next migration from colliding with it. */
export interface Remedy {
  readonly remedy: string;
  readonly remedySteps: readonly string[];
}

export const asMigration =
  "add the statements as a migration, and mark it as run with npx prisma migrate resolve --applied";
