import { parseDatabaseAddress } from "../../src/adapters/postgres/address.js";
import { Snapshot } from "../../src/adapters/postgres/snapshot.js";
import { checkIntegrity, type SnapshotOptions, type Taken, takeSnapshot } from "../../src/database/index.js";
import { parseSnapshot, writeSnapshot } from "../../src/database/snapshots/file.js";
import type { TableComparison } from "../../src/findings/snapshot.js";
import { buildRegistryContext } from "../../src/registry/context.js";
import { parsePrismaSchema } from "../../src/registry/schema/read.js";
import { resolveTenancy } from "../../src/registry/tenancy/resolve.js";
import { registryOf } from "./registry.js";

/** Takes a snapshot of a database against a schema's text (without datasource), in this process. */
export async function takeData(
  url: string,
  schema: string,
  options: Partial<SnapshotOptions> = {},
): Promise<Taken> {
  const text = `datasource db {\n  provider = "postgresql"\n}\n${schema}`;
  const parsed = parsePrismaSchema([{ path: "schema.prisma", text }]);
  const tenancy = resolveTenancy(parsed, { model: "Tenant", column: "tenantId" });
  const context = buildRegistryContext(parsed, tenancy, registryOf({ special: ["Line"] }));
  const snapshot = await Snapshot.open(parseDatabaseAddress(url), {
    ...{ jobs: 2, statementTimeout: 60_000, lockTimeout: 1000, deadline: 600_000 },
  });
  try {
    const application = { context, hasRegistry: true, defaultSchema: "public" };
    return await takeSnapshot(snapshot, application, { invariants: [], isBare: false, ...options });
  } finally {
    await snapshot.close();
  }
}

/** What a comparison says, with the earlier snapshot written to a file and read again. */
export function compareData(before: Taken, now: Taken, invariants: SnapshotOptions["invariants"] = []) {
  const stored = parseSnapshot(writeSnapshot(before.data), "before.json");
  const outcome = checkIntegrity(stored, now, invariants, "before.json");
  const tables = outcome.facts.integrity as readonly TableComparison[];
  return {
    found: outcome.drafts.map(({ rule, subject }) => `${rule} ${subject.table ?? subject.constraint}`),
    drafts: outcome.drafts,
    obstacle: outcome.obstacle,
    table: (name: string) => tables.find(({ table }) => table === name)!,
  };
}
