import { parseDatabaseAddress } from "../../src/adapters/postgres/address.js";
import { Snapshot } from "../../src/adapters/postgres/snapshot.js";
import type { Application } from "../../src/database/index.js";
import { buildRegistryContext } from "../../src/registry/context.js";
import { parsePrismaSchema } from "../../src/registry/schema/read.js";
import { resolveTenancy } from "../../src/registry/tenancy/resolve.js";
import { registryOf } from "./registry.js";
import { sampleSchema } from "./sample-application.js";

/** Runs one check of the sample application against a database, in this process. */
export async function checkDatabase<Outcome>(
  url: string,
  check: (snapshot: Snapshot, application: Application) => Promise<Outcome>,
): Promise<Outcome> {
  const text = `datasource db {\n  provider = "postgresql"\n}\n${sampleSchema}`;
  const schema = parsePrismaSchema([{ path: "schema.prisma", text }]);
  const tenancy = resolveTenancy(schema, { model: "Tenant", column: "tenantId" });
  const context = buildRegistryContext(schema, tenancy, registryOf({ special: ["Line"] }));
  const snapshot = await Snapshot.open(parseDatabaseAddress(url), {
    ...{ jobs: 2, statementTimeout: 60_000, lockTimeout: 5000, deadline: 600_000 },
  });
  try {
    return await check(snapshot, { context, hasRegistry: true, defaultSchema: "public" });
  } finally {
    await snapshot.close();
  }
}
