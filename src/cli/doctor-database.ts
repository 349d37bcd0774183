import type { DatabaseTarget } from "../config/settings.js";
import { type DatabaseFacts, readServerFacts } from "../doctor/index.js";
import { type Attempt, attempt } from "../findings/attempt.js";
import type { Progress } from "../render/progress.js";
import type { Context } from "./context.js";
import type { LoadedApplication } from "./load-application.js";
import { connect } from "./open-database.js";

/** What a database is examined with. */
export interface DatabaseQuestion {
  readonly application: Attempt<LoadedApplication>;
  /** The variable that the schema's datasource names for its URL. */
  readonly urlVariable: string | undefined;
  /** Config or options name a database: then a URL that is not known is missed. */
  readonly isNamed: boolean;
}

/** Connects to one database and reads what it lets the role see. A refusal is its own answer. */
export async function examineDatabase(
  context: Context,
  progress: Progress,
  target: DatabaseTarget,
  { application, urlVariable, isNamed }: DatabaseQuestion,
): Promise<DatabaseFacts> {
  const { name } = target;
  const url = await attempt(() => target.url(urlVariable));
  if ("problem" in url) return { name, state: isNamed ? "refused" : "unnamed", refusal: url };
  const facts = await attempt(async () => {
    const one = { ...target, jobs: 1 };
    const { snapshot, defaultSchema, shown } = await connect(context, progress, one, url.value);
    try {
      const audited =
        "value" in application ? { value: { ...application.value, defaultSchema } } : application;
      return await readServerFacts(snapshot, shown, audited);
    } finally {
      await snapshot.close();
    }
  });
  return "value" in facts
    ? { name, state: "read", facts: facts.value }
    : { name, state: "refused", refusal: facts };
}
