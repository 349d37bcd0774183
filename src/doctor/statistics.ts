import { quoteIdentifier } from "../adapters/sql-file.js";
import { statementCommands } from "../database/index.js";
import type { DatabaseDraft } from "./database.js";
import type { RoleFacts } from "./database-facts.js";

const extension = "pg_stat_statements";

/** pg_stat_statements: preloaded by the server, and created in this database. */
export function statementsItem({ statements, isStandby }: RoleFacts): DatabaseDraft {
  const { extensionVersion, isPreloaded } = statements;
  const isThere = isPreloaded && extensionVersion !== null;
  const missing = [
    ...(isPreloaded ? [] : ["not preloaded"]),
    ...(extensionVersion === null ? ["not created in this database"] : []),
  ];
  return {
    id: extension,
    name: extension,
    isThere,
    version: extensionVersion ?? undefined,
    found: isThere ? `${extensionVersion}` : missing.join(", "),
    usedFor: "the statements that cost the server most",
    blocks: "db slow-queries",
    hint: isStandby
      ? "as a superuser; CREATE EXTENSION on the primary, the others on each server:"
      : "as a superuser; an extension that is not preloaded collects nothing:",
    commands: statementCommands(statements),
    isNeeded: false,
  };
}

/** The right to see other roles' statements. */
export function allStatisticsItem({ role, readsAllStatistics, isStandby }: RoleFacts): DatabaseDraft {
  return {
    id: "pg_read_all_stats",
    name: "pg_read_all_stats",
    isThere: readsAllStatistics,
    found: readsAllStatistics ? "granted" : "not granted: other roles' statements are hidden",
    usedFor: "other roles' statements and sessions",
    blocks: "db slow-queries, db connections",
    hint: isStandby ? "on the primary, as a superuser:" : "as a superuser:",
    commands: [`GRANT pg_read_all_stats TO ${quoteIdentifier(role)};`],
    isNeeded: false,
  };
}
