import { defineConfig, env } from "tenantctl";
import { smoke } from "./tenantctl.smoke.ts";

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
  isolation: { baseUrl: "http://localhost:3000", shared: ["/api/v1/modules"] },
  smoke,
});
