import type { Refusal } from "../findings/attempt.js";
import type { RoleFacts, ServerFacts } from "./database-facts.js";
import { type Item, type ItemDraft, itemOf } from "./item.js";
import { rightsItem } from "./rights.js";
import { allStatisticsItem, statementsItem } from "./statistics.js";

/** One database that is meant, as far as it could be reached. */
export type DatabaseFacts = {
  /** Its key in config's `databases`, where there are several. */
  readonly name: string | undefined;
} & (
  | { readonly state: "unnamed"; readonly refusal: Refusal }
  | { readonly state: "refused"; readonly refusal: Refusal }
  | { readonly state: "read"; readonly facts: ServerFacts }
);

/** The items of one database. Pure. */
export function judgeDatabase(database: DatabaseFacts): Item[] {
  const drafts = database.state === "read" ? readItems(database.facts) : [refusedItem(database)];
  const { name } = database;
  return drafts.map((draft) =>
    itemOf({
      ...draft,
      id: name === undefined ? draft.id : `${name}/${draft.id}`,
      group: name === undefined ? "Database" : `Database ${name}`,
    }),
  );
}

/** An item before it is known which database it is of. */
export type DatabaseDraft = Omit<ItemDraft, "group">;

const connection = {
  id: "connection",
  name: "Connection",
  usedFor: "audits of the live database",
  blocks: "audit's database checks, db commands",
} as const;

function refusedItem({ state, refusal }: Extract<DatabaseFacts, { refusal: Refusal }>): DatabaseDraft {
  const { problem, hint } = refusal;
  return { ...connection, isThere: false, found: problem, hint, isNeeded: state === "refused" };
}

function readItems({ shown, role, hidden }: ServerFacts): DatabaseDraft[] {
  return [
    { ...connection, isThere: true, found: shown, isNeeded: true },
    serverItem(role),
    roleItem(role),
    rightsItem(role, hidden),
    statementsItem(role),
    allStatisticsItem(role),
  ];
}

/** The driver refused an older server than PostgreSQL 12 already. */
function serverItem({ version, isStandby }: RoleFacts): DatabaseDraft {
  const number = version.split(" ")[0]!;
  return {
    id: "server",
    name: "Server",
    isThere: true,
    version: number,
    found: `PostgreSQL ${number}, ${isStandby ? "a standby: what mends it runs on the primary" : "the primary"}`,
    usedFor: "all that is read; it has to be 12 or later",
    blocks: "audit's database checks, db commands",
    isNeeded: true,
  };
}

function roleItem({ role, isSuperuser, bypassesRls }: RoleFacts): DatabaseDraft {
  const power = isSuperuser
    ? "superuser; one that may only read would do"
    : `no superuser, ${bypassesRls ? "with" : "without"} BYPASSRLS`;
  return {
    id: "role",
    name: "Role",
    isThere: true,
    found: `${role} (${power})`,
    usedFor: "reading, nothing else",
    blocks: "audit's database checks, db commands",
    isNeeded: true,
  };
}
