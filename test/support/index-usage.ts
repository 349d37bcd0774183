import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDatabaseAddress } from "../../src/adapters/postgres/address.js";
import { Snapshot } from "../../src/adapters/postgres/snapshot.js";
import type { IndexUsageFacts } from "../../src/findings/index-usage.js";
import { auditIndexUsage, type UsageOptions } from "../../src/indexes/index.js";
import { applicationOf } from "./audit.js";
import type { Lists } from "./registry.js";
import { sampleSchema } from "./sample-application.js";

/** What every test asks where it asks nothing else: judge at once. */
export const atOnce: UsageOptions = {
  tables: [],
  order: "name",
  limit: undefined,
  onlyUnused: false,
  maxScans: 0,
  minAge: 0,
  judgesForeignKeys: false,
  ignoresStandbys: false,
};

export interface UsageRun {
  readonly schema?: string;
  readonly lists?: Lists;
  readonly options?: Partial<UsageOptions>;
  readonly replicas?: readonly string[];
  /** Keeps readings there. */
  readonly state?: string;
}

/** A folder of a test's own. */
export function stateFolder(): string {
  return mkdtempSync(join(tmpdir(), "tenantctl-usage-"));
}

/** Reads the usage of a database's indexes, in this process. */
export async function indexUsage(
  url: string,
  { schema = sampleSchema, lists, options = {}, replicas = [], state }: UsageRun = {},
) {
  const limits = { jobs: 2, statementTimeout: 60_000, lockTimeout: 500, deadline: 600_000 };
  const open = async (each: string) => {
    const address = parseDatabaseAddress(each);
    return { snapshot: await Snapshot.open(address, limits), shown: address.shown };
  };
  const [server, ...others] = await Promise.all([url, ...replicas].map(open));
  try {
    const outcome = await auditIndexUsage(
      [server!, ...others],
      applicationOf(url, schema, lists),
      { ...atOnce, ...options },
      { stateFolder: state ?? stateFolder(), keeps: state !== undefined },
    );
    return { ...outcome, reading: outcome.facts as unknown as IndexUsageFacts };
  } finally {
    await Promise.all([server!, ...others].map(({ snapshot }) => snapshot.close()));
  }
}
