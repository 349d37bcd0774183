import { parseDatabaseAddress } from "../../src/adapters/postgres/address.js";
import { Snapshot } from "../../src/adapters/postgres/snapshot.js";
import type { IndexPlanFacts } from "../../src/findings/index-plan.js";
import { planIndexes } from "../../src/indexes/index.js";
import { applicationOf } from "./audit.js";
import type { Lists } from "./registry.js";

/** Plans a database's indexes, in this process. */
export async function indexPlan(url: string, schema: string, lists?: Lists) {
  const limits = { jobs: 2, statementTimeout: 60_000, lockTimeout: 500, deadline: 600_000 };
  const snapshot = await Snapshot.open(parseDatabaseAddress(url), limits);
  try {
    const { outcome, indexes } = await planIndexes(snapshot, applicationOf(url, schema, lists));
    return { ...outcome, indexes, plan: outcome.facts as unknown as IndexPlanFacts };
  } finally {
    await snapshot.close();
  }
}
