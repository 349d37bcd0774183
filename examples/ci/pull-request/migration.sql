CREATE TABLE "damage_reports" (
  "id" UUID NOT NULL,
  "tenantId" UUID NOT NULL,
  "description" TEXT NOT NULL,
  "reportedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "damage_reports_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "damage_reports_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "tenants" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX "damage_reports_tenantId_idx" ON "damage_reports" ("tenantId");
