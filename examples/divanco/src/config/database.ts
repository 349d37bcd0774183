import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../generated/prisma/client.js";
import { environment } from "./environment.js";
import { tenantGuard } from "./prisma-extensions.js";

const adapter = new PrismaPg({ connectionString: environment.databaseUrl, application_name: "divanco-api" });

/** No guard. Only for what has no tenant yet or is about all of them: login, jobs, webhooks, maintenance. */
export const prismaBase = new PrismaClient({ adapter });

/**
 * The client of every request: it only sees the tenant of the request context. The guard adds nothing to the
 * client, so it keeps its type, and either of the two can stand where a client is expected.
 */
export const prisma = prismaBase.$extends(
  tenantGuard(environment.guardMode, prismaBase),
) as unknown as PrismaClient;

export default prisma;
