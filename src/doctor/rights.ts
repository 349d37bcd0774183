import { quoteIdentifier } from "../adapters/sql-file.js";
import type { HiddenQuestion, HiddenRows } from "../database/index.js";
import type { Attempt } from "../findings/attempt.js";
import type { DatabaseDraft } from "./database.js";
import type { RoleFacts } from "./database-facts.js";

const shownTables = 5;
const shownQuestions = 3;

/** Whether the role sees every tenant's rows: which tables it does not, what that hides, what grants it. */
export function rightsItem(role: RoleFacts, hidden: Attempt<HiddenRows>): DatabaseDraft {
  const common = { id: "rights", name: "Rights", usedFor: "reading every tenant's rows" };
  if ("problem" in hidden) {
    const { problem, hint } = hidden;
    return { ...common, isThere: false, found: problem, hint, blocks: everything, isNeeded: true };
  }
  const { tables, total, questions, furtherQuestions } = hidden.value;
  if (tables.length === 0) {
    const found = `all ${total} tables of tenants' rows can be read whole`;
    return { ...common, isThere: true, found, blocks: everything, isNeeded: true };
  }
  const usedFor = questions.length
    ? common.usedFor
    : `${questionsText(furtherQuestions)}, of audit --deep and db distribution`;
  const names = tables.map(({ schema, name }) => `${schema}.${name}`);
  return {
    ...common,
    usedFor,
    isThere: false,
    found: `${tables.length} of ${total} tables of tenants' rows can't be read whole: ${some(names, shownTables)}`,
    blocks: blockedText(questions, furtherQuestions),
    hint: role.isStandby
      ? "on the primary, as the tables' owner or a superuser:"
      : grantedBy(role, hidden.value),
    commands: grants(role, hidden.value),
    isNeeded: questions.length > 0,
  };
}

const everything = "audit's orphans and references, db distribution";

/**
 * The statements that let the role read the hidden tables, each runnable alone. Where row-level security
 * filters, only BYPASSRLS shows all rows: a policy of its own could not be told from a filter.
 */
function grants(role: RoleFacts, { tables }: HiddenRows): string[] {
  const to = quoteIdentifier(role.role);
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  const closed = schemas.filter((schema) => role.schemasWithoutUsage.includes(schema));
  const isFiltered = !role.bypassesRls && tables.some(({ id }) => role.filteredTables.includes(id));
  return [
    ...closed.map((schema) => `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${to};`),
    ...schemas.flatMap((schema) => {
      const names = tables
        .filter((table) => table.schema === schema && !table.maySelect)
        .map(({ name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
      return names.length ? [`GRANT SELECT ON ${names.join(", ")} TO ${to};`] : [];
    }),
    ...(isFiltered ? [`ALTER ROLE ${to} BYPASSRLS;`] : []),
  ];
}

function grantedBy({ bypassesRls, filteredTables }: RoleFacts, { tables }: HiddenRows): string {
  const isFiltered = !bypassesRls && tables.some(({ id }) => filteredTables.includes(id));
  return isFiltered
    ? "as a superuser, since row-level security hides rows:"
    : "as the tables' owner or a superuser:";
}

/** What stays open in `audit`, then what only further checks would read. */
function blockedText(questions: readonly HiddenQuestion[], further: readonly HiddenQuestion[]): string {
  const parts = [
    ...(questions.length ? [`audit lacks ${questionsText(questions)}`] : []),
    ...(further.length ? [`audit --deep or db distribution lacks ${questionsText(further)}`] : []),
  ];
  return parts.join("; ");
}

const checks = ["orphans", "references", "distribution"] as const;

/** `orphans (assets.clientId → clients), distribution (assets, lines, notes and 3 more)` */
function questionsText(questions: readonly HiddenQuestion[]): string {
  return checks
    .flatMap((check) => {
      const titles = questions.filter((each) => each.check === check).map(({ title }) => title);
      return titles.length ? [`${check} (${some([...new Set(titles)], shownQuestions)})`] : [];
    })
    .join(", ");
}

function some(names: readonly string[], most: number): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(", ")} and ${more} more` : names.join(", ");
}
