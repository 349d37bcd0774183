import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../generated/prisma/client.js";
import { environment } from "./environment.js";
import { tenantGuard } from "./prisma-extensions.js";

const adapter = new PrismaPg({ connectionString: environment.databaseUrl, application_name: "divanco-api" });

/** No guard. Only for what has no tenant yet or is about all of them: login, jobs, webhooks, maintenance. */
export const prismaBase = new PrismaClient({ adapter });

/** The client of every request: it only sees the tenant of the request context. */
export const prisma = prismaBase.$extends(tenantGuard(environment.guardMode, prismaBase));

export default prisma;
