import { defineConfig, env } from "tenantctl";

export default defineConfig({
  app: "divanco-api",
  tenant: {
    model: "Tenant",
    column: "tenantId",
    subScopes: [{ model: "BusinessUnit", column: "businessUnitId" }],
  },
  schema: "prisma/schema.prisma",
  registry: "src/config/tenant-model-registry.ts",
  database: { url: env("DATABASE_URL") },
});
