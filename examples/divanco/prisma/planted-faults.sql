-- Faults in the data, for an audit to find. Run once, after seed.sql; README.md has the whole table.
-- Faults in the structure are in schema.prisma, the registry and the migrations; the invalid index is in
-- planted-invalid-index.sql. How the ids are made: seed.sql, at the top.

-- db/orphan-rows: tenant 99 closed its account and somebody deleted it by hand. Every foreign key refused
-- until its rows were gone, except supply_usages, which has none on "tenantId": 37 rows stay behind.
INSERT INTO tenants (id, slug, name) VALUES ('00000001-0063-4000-8000-000000000000', 'northgate-lifts', 'Northgate Lifts');
INSERT INTO business_units (id, "tenantId", name) VALUES ('00000002-0063-4000-8000-000000000001', '00000001-0063-4000-8000-000000000000', 'Main yard');
INSERT INTO supplies (id, "tenantId", name, unit) VALUES ('0000000f-0063-4000-8000-000000000001', '00000001-0063-4000-8000-000000000000', 'Diesel', 'l');
INSERT INTO supply_usages (id, "tenantId", "businessUnitId", "supplyId", quantity, "usedAt")
SELECT ('00000010-0063-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '00000001-0063-4000-8000-000000000000',
       '00000002-0063-4000-8000-000000000001', '0000000f-0063-4000-8000-000000000001', n, timestamp '2025-06-01 08:00' + n * interval '1 day'
FROM generate_series(1, 37) AS n;
DELETE FROM supplies WHERE "tenantId" = '00000001-0063-4000-8000-000000000000';
DELETE FROM business_units WHERE "tenantId" = '00000001-0063-4000-8000-000000000000';
DELETE FROM tenants WHERE id = '00000001-0063-4000-8000-000000000000';

-- db/null-tenant-rows: 12 monthly report runs of 2024, logged by a job that had no tenant context yet.
INSERT INTO audit_logs (id, action, subject, "createdAt")
SELECT ('00000011-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'report.monthly', to_char(make_date(2024, n, 1), 'YYYY-MM'),
       make_date(2024, n, 1) + interval '1 month'
FROM generate_series(1, 12) AS n;

-- db/cross-tenant-reference, rentals."clientId": a CSV import looked clients up by number, in all tenants.
-- Three rentals of tenant 2 point at clients of tenant 1, two of tenant 5 at clients of tenant 3.
UPDATE rentals SET "clientId" = '00000004-0001-4000-8000-000000000001' WHERE id = '00000008-0002-4000-8000-000000000001';
UPDATE rentals SET "clientId" = '00000004-0001-4000-8000-000000000002' WHERE id = '00000008-0002-4000-8000-000000000002';
UPDATE rentals SET "clientId" = '00000004-0001-4000-8000-000000000003' WHERE id = '00000008-0002-4000-8000-000000000003';
UPDATE rentals SET "clientId" = '00000004-0003-4000-8000-000000000001' WHERE id = '00000008-0005-4000-8000-000000000001';
UPDATE rentals SET "clientId" = '00000004-0003-4000-8000-000000000002' WHERE id = '00000008-0005-4000-8000-000000000002';

-- db/cross-tenant-reference, "_AssetToTag": tags were connected by id, straight from a request body.
-- Three assets of tenant 4 wear tag 1 of tenant 2.
INSERT INTO "_AssetToTag" ("A", "B") VALUES
  ('00000006-0004-4000-8000-000000000001', '00000007-0002-4000-8000-000000000001'),
  ('00000006-0004-4000-8000-000000000002', '00000007-0002-4000-8000-000000000001'),
  ('00000006-0004-4000-8000-000000000003', '00000007-0002-4000-8000-000000000001');

-- db/unmapped-table: left over from the onboarding of the first 20 tenants. No model, so no guard.
CREATE TABLE legacy_asset_imports (
    id uuid PRIMARY KEY,
    "tenantId" uuid NOT NULL REFERENCES tenants (id),
    "fileName" text NOT NULL,
    line integer NOT NULL,
    content text NOT NULL
);
CREATE INDEX "legacy_asset_imports_tenantId_idx" ON legacy_asset_imports ("tenantId");
INSERT INTO legacy_asset_imports (id, "tenantId", "fileName", line, content)
SELECT ('00000015-' || lpad(to_hex(tenant), 4, '0') || '-4000-8000-' || lpad(to_hex(line), 12, '0'))::uuid,
       ('00000001-' || lpad(to_hex(tenant), 4, '0') || '-4000-8000-000000000000')::uuid,
       'assets-' || tenant || '.csv', line, 'A-' || lpad(line::text, 5, '0') || ';Mini excavator;40'
FROM generate_series(1, 20) AS tenant, generate_series(1, 10) AS line;

-- db/invalid-index, first half: assets 2 and 3 of tenant 1 were entered with the serial number of asset 1,
-- so that the unique index in planted-invalid-index.sql can't be built.
UPDATE assets SET "serialNumber" = 'SN-1-1'
WHERE id IN ('00000006-0001-4000-8000-000000000002', '00000006-0001-4000-8000-000000000003');
