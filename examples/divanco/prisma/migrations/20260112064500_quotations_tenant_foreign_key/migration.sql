-- Written by hand: the constraint was dropped for the January import. NOT VALID keeps the lock short;
-- VALIDATE CONSTRAINT comes with the next release.

-- DropForeignKey
ALTER TABLE "quotations" DROP CONSTRAINT "quotations_tenantId_fkey";

-- AddForeignKey
ALTER TABLE "quotations" ADD CONSTRAINT "quotations_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;
