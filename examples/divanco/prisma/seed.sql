-- Demo data: 60 tenants with a Zipf-like skew, about 250,000 rows, the same in every run.
-- One multi-statement script for any client, inside a transaction or not, on a freshly migrated database.
--
-- Every id says what it is: <entity>-<tenant>-4000-8000-<number>, in hex. Asset 42 of tenant 3 is
-- 00000006-0003-4000-8000-00000000002a. So foreign keys are arithmetic, not joins, and a row of one
-- tenant can only point at rows of the same tenant.

CREATE FUNCTION pg_temp.seed_id(entity int, tenant int, number int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(entity), 8, '0') || '-' || lpad(to_hex(tenant), 4, '0') || '-4000-8000-' || lpad(to_hex(number), 12, '0'))::uuid
$$;

-- Scatters numbers over 1..size; 7919 is a prime larger than most sizes.
CREATE FUNCTION pg_temp.seed_pick(number int, size int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT 1 + (number * 7919) % size
$$;

-- Spreads a tenant's rows evenly over February 2024 to December 2025.
CREATE FUNCTION pg_temp.seed_time(number int, size int) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT timestamp '2024-02-01 08:00' + number::float8 / size * interval '695 days'
$$;

-- A quotation has two items; its invoices repeat them as lines.
CREATE FUNCTION pg_temp.seed_quantity(quotation int, item int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT 1 + (quotation + item) % 5
$$;
CREATE FUNCTION pg_temp.seed_price(quotation int, item int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT (80 * item + quotation * 13 % 900)::numeric
$$;
CREATE FUNCTION pg_temp.seed_total(quotation int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_temp.seed_quantity(quotation, 1) * pg_temp.seed_price(quotation, 1)
       + pg_temp.seed_quantity(quotation, 2) * pg_temp.seed_price(quotation, 2)
$$;

-- How much each tenant has. The weight 1/rank^1.25 gives the first tenant about a third of all rows;
-- tenants 55 to 60 have just signed up and have nothing.
CREATE TEMP TABLE seed_tenants AS
WITH named AS (
  SELECT number,
         pg_temp.seed_id(1, number, 0) AS id,
         (ARRAY['Summit','Harbor','Granite','Cedar','Falcon','Prairie','Delta','Iron','Coastal','Northern'])[1 + (number - 1) % 10]
         || ' ' || (ARRAY['Rentals','Cranes','Scaffolding','Machinery','Access','Tools'])[1 + (number - 1) / 10] AS name,
         CASE WHEN number <= 54 THEN number ^ -1.25 ELSE 0 END AS weight
  FROM generate_series(1, 60) AS number
), shares AS (
  SELECT *, weight / sum(weight) OVER () AS share FROM named
)
SELECT number, id, name,
       lower(replace(name, ' ', '-')) AS slug,
       least(6, 1 + round(share * 60))::int AS business_units,
       round(share * 8000)::int AS clients,
       round(share * 40000)::int AS assets,
       round(share * 44000)::int AS rentals,
       round(share * 16000)::int AS quotations,
       (round(share * 16000)::int + 1) / 2 AS contracts,
       round(share * 14000)::int AS invoices,
       least(10, 4 + round(share * 60))::int AS supplies,
       round(share * 10000)::int AS supply_usages,
       round(share * 20000)::int AS audit_logs,
       round(share * 4000)::int AS webhook_events,
       share > 0 AS active
FROM shares;

INSERT INTO tenants (id, slug, name, status, "createdAt")
SELECT id, slug, name, (CASE WHEN number IN (17, 34) THEN 'SUSPENDED' ELSE 'ACTIVE' END)::"TenantStatus",
       timestamp '2024-01-01 09:00' + number * interval '3 days'
FROM seed_tenants;

INSERT INTO modules (id, code, name, description)
SELECT pg_temp.seed_id(19, 0, number), code, name, description
FROM (VALUES (1, 'rentals', 'Rentals', 'Assets, availability, returns'),
             (2, 'sales', 'Sales', 'Quotations and contracts'),
             (3, 'billing', 'Billing', 'Invoices and payments'),
             (4, 'supplies', 'Supplies', 'Consumables and where they were used'),
             (5, 'reports', 'Reports', 'Monthly figures')) AS module (number, code, name, description);

INSERT INTO tenant_modules (id, "tenantId", "moduleId", "enabledAt")
SELECT pg_temp.seed_id(20, t.number, module), t.id, pg_temp.seed_id(19, 0, module), timestamp '2024-02-01 08:00'
FROM seed_tenants t, generate_series(1, 2 + t.number % 4) AS module
WHERE t.active;

-- Everybody's password is divanco-demo: one scrypt hash, computed once.
INSERT INTO users (id, "tenantId", email, name, "passwordHash", "createdAt")
SELECT pg_temp.seed_id(3, t.number, person.number), t.id, person.login || '@' || t.slug || '.example', person.name,
       'scrypt$2b-pt-gElJcGmzfzN5REVA$vownQghUcA6iuFmPtFYEz60roEhk-jmgB1LR2nMOr9w', timestamp '2024-02-01 08:00'
FROM seed_tenants t, (VALUES (1, 'admin', 'Ana Admin'), (2, 'sales', 'Sam Sales'), (3, 'yard', 'Yuri Yard')) AS person (number, login, name)
WHERE t.active;

INSERT INTO business_units (id, "tenantId", name, "createdAt")
SELECT pg_temp.seed_id(2, t.number, n), t.id, (ARRAY['Main yard','North','South','East','West','Airport'])[n], timestamp '2024-02-01 08:00'
FROM seed_tenants t, generate_series(1, t.business_units) AS n
WHERE t.active;

INSERT INTO clients (id, "tenantId", number, name, email, "taxId", "createdAt", "updatedAt")
SELECT pg_temp.seed_id(4, t.number, n), t.id, 'C-' || lpad(n::text, 5, '0'),
       (ARRAY['Alder','Birch','Clover','Dune','Ember','Flint','Grove'])[1 + n % 7] || ' '
       || (ARRAY['Builders','Roofing','Civil Works','Events','Logistics'])[1 + n % 5] || ' ' || n,
       'office@client-' || t.number || '-' || n || '.example',
       CASE WHEN n % 3 <> 0 THEN 'TAX-' || lpad(t.number::text, 3, '0') || '-' || lpad(n::text, 6, '0') END,
       pg_temp.seed_time(n, t.clients), pg_temp.seed_time(n, t.clients)
FROM seed_tenants t, generate_series(1, t.clients) AS n
ORDER BY n, t.number;

INSERT INTO client_business_units (id, "tenantId", "businessUnitId", "clientId", "createdAt")
SELECT pg_temp.seed_id(5, t.number, n), t.id, pg_temp.seed_id(2, t.number, pg_temp.seed_pick(n, t.business_units)),
       pg_temp.seed_id(4, t.number, n), pg_temp.seed_time(n, t.clients)
FROM seed_tenants t, generate_series(1, t.clients) AS n
ORDER BY n, t.number;

-- Every fifth asset is out; rentals below agree.
INSERT INTO assets (id, "tenantId", "businessUnitId", code, name, "serialNumber", status, "dailyRate", "purchasePrice", "createdAt", "updatedAt")
SELECT pg_temp.seed_id(6, t.number, n), t.id, pg_temp.seed_id(2, t.number, pg_temp.seed_pick(n, t.business_units)),
       'A-' || lpad(n::text, 5, '0'),
       (ARRAY['Mini excavator','Scissor lift','Tower light','Plate compactor','Generator 60 kVA','Telehandler','Boom lift'])[1 + n % 7] || ' ' || n,
       'SN-' || t.number || '-' || n,
       (CASE WHEN n % 5 = 0 THEN 'RENTED' WHEN n % 37 = 1 THEN 'RETIRED' ELSE 'AVAILABLE' END)::"AssetStatus",
       40 + n * 37 % 460, 5000 + n * 71 % 90000,
       timestamp '2024-02-01 08:00', pg_temp.seed_time(n, t.assets)
FROM seed_tenants t, generate_series(1, t.assets) AS n
ORDER BY n, t.number;

INSERT INTO tags (id, "tenantId", name)
SELECT pg_temp.seed_id(7, t.number, n), t.id, (ARRAY['diesel','electric','heavy','indoor','trailer','new'])[n]
FROM seed_tenants t, generate_series(1, 6) AS n
WHERE t.active;

INSERT INTO "_AssetToTag" ("A", "B")
SELECT pg_temp.seed_id(6, t.number, n), pg_temp.seed_id(7, t.number, pg_temp.seed_pick(n, 6))
FROM seed_tenants t, generate_series(4, t.assets, 4) AS n
ORDER BY n, t.number;

-- Assets are rented in turn, for eight days; the last rental of every fifth asset is still open.
INSERT INTO rentals (id, "tenantId", "assetId", "clientId", "dailyRate", "rentedAt", "returnedAt")
SELECT pg_temp.seed_id(8, t.number, n), t.id, pg_temp.seed_id(6, t.number, asset),
       pg_temp.seed_id(4, t.number, pg_temp.seed_pick(n, t.clients)), 40 + asset * 37 % 460,
       pg_temp.seed_time(n, t.rentals),
       CASE WHEN asset % 5 <> 0 OR n + t.assets <= t.rentals THEN pg_temp.seed_time(n, t.rentals) + interval '8 days' END
FROM seed_tenants t, generate_series(1, t.rentals) AS n, LATERAL (SELECT 1 + (n - 1) % t.assets AS asset) AS turn
ORDER BY n, t.number;

-- Odd quotations have become contracts; of the even ones half are approved.
INSERT INTO quotations (id, "tenantId", "businessUnitId", "clientId", number, status, total, "createdAt", "updatedAt")
SELECT pg_temp.seed_id(9, t.number, n), t.id, pg_temp.seed_id(2, t.number, pg_temp.seed_pick(n, t.business_units)),
       pg_temp.seed_id(4, t.number, pg_temp.seed_pick(n, t.clients)), 'Q-' || lpad(n::text, 5, '0'),
       (CASE WHEN n % 2 = 1 THEN 'CONVERTED' WHEN n % 4 = 2 THEN 'APPROVED' ELSE 'DRAFT' END)::"QuotationStatus",
       pg_temp.seed_total(n), pg_temp.seed_time(n, t.quotations), pg_temp.seed_time(n, t.quotations)
FROM seed_tenants t, generate_series(1, t.quotations) AS n
ORDER BY n, t.number;

INSERT INTO quotation_items (id, "quotationId", description, quantity, "unitPrice")
SELECT pg_temp.seed_id(10, t.number, 2 * n + item - 2), pg_temp.seed_id(9, t.number, n),
       (ARRAY['Rental, per day','Delivery'])[item], pg_temp.seed_quantity(n, item), pg_temp.seed_price(n, item)
FROM seed_tenants t, generate_series(1, t.quotations) AS n, generate_series(1, 2) AS item
ORDER BY n, t.number;

INSERT INTO contracts (id, "tenantId", "quotationId", "clientId", number, status, total, "createdAt")
SELECT pg_temp.seed_id(11, t.number, n), t.id, pg_temp.seed_id(9, t.number, quotation),
       pg_temp.seed_id(4, t.number, pg_temp.seed_pick(quotation, t.clients)), 'K-' || lpad(n::text, 5, '0'),
       (CASE WHEN n % 3 = 0 THEN 'CLOSED' ELSE 'ACTIVE' END)::"ContractStatus",
       pg_temp.seed_total(quotation), pg_temp.seed_time(quotation, t.quotations) + interval '1 day'
FROM seed_tenants t, generate_series(1, t.contracts) AS n, LATERAL (SELECT 2 * n - 1 AS quotation) AS odd
ORDER BY n, t.number;

-- Contracts are invoiced in turn; four of five invoices are paid.
INSERT INTO invoices (id, "tenantId", "contractId", "clientId", number, status, total, "issuedAt")
SELECT pg_temp.seed_id(12, t.number, n), t.id, pg_temp.seed_id(11, t.number, contract),
       pg_temp.seed_id(4, t.number, pg_temp.seed_pick(2 * contract - 1, t.clients)), 'F-' || lpad(n::text, 5, '0'),
       (CASE WHEN n % 5 = 0 THEN 'ISSUED' ELSE 'PAID' END)::"InvoiceStatus",
       pg_temp.seed_total(2 * contract - 1), pg_temp.seed_time(n, t.invoices)
FROM seed_tenants t, generate_series(1, t.invoices) AS n, LATERAL (SELECT 1 + (n - 1) % t.contracts AS contract) AS turn
ORDER BY n, t.number;

INSERT INTO invoice_lines (id, "invoiceId", description, quantity, "unitPrice")
SELECT pg_temp.seed_id(13, t.number, 2 * n + item - 2), pg_temp.seed_id(12, t.number, n),
       (ARRAY['Rental, per day','Delivery'])[item], pg_temp.seed_quantity(quotation, item), pg_temp.seed_price(quotation, item)
FROM seed_tenants t, generate_series(1, t.invoices) AS n, generate_series(1, 2) AS item,
     LATERAL (SELECT 2 * (1 + (n - 1) % t.contracts) - 1 AS quotation) AS origin
ORDER BY n, t.number;

INSERT INTO payments (id, "tenantId", "invoiceId", amount, method, reference, "paidAt")
SELECT pg_temp.seed_id(14, t.number, n), t.id, pg_temp.seed_id(12, t.number, n), pg_temp.seed_total(2 * (1 + (n - 1) % t.contracts) - 1),
       (CASE WHEN n % 3 = 0 THEN 'CARD' ELSE 'TRANSFER' END)::"PaymentMethod", 'REF-' || n,
       pg_temp.seed_time(n, t.invoices) + interval '5 days'
FROM seed_tenants t, generate_series(1, t.invoices) AS n
WHERE n % 5 <> 0
ORDER BY n, t.number;

INSERT INTO supplies (id, "tenantId", name, unit, stock, "createdAt")
SELECT pg_temp.seed_id(15, t.number, n), t.id,
       (ARRAY['Diesel','Hydraulic oil','Engine oil','Air filter','Oil filter','Grease','Coolant','AdBlue','Tyre','Safety helmet'])[n],
       (ARRAY['l','l','l','pc','pc','kg','l','l','pc','pc'])[n], 100 + n * 40, timestamp '2024-02-01 08:00'
FROM seed_tenants t, generate_series(1, t.supplies) AS n
WHERE t.active;

INSERT INTO supply_usages (id, "tenantId", "businessUnitId", "supplyId", quantity, "usedAt")
SELECT pg_temp.seed_id(16, t.number, n), t.id, pg_temp.seed_id(2, t.number, pg_temp.seed_pick(n, t.business_units)),
       pg_temp.seed_id(15, t.number, pg_temp.seed_pick(n, t.supplies)), 1 + n % 40, pg_temp.seed_time(n, t.supply_usages)
FROM seed_tenants t, generate_series(1, t.supply_usages) AS n
ORDER BY n, t.number;

INSERT INTO audit_logs (id, "tenantId", "userId", action, subject, "createdAt")
SELECT pg_temp.seed_id(17, t.number, n), t.id, pg_temp.seed_id(3, t.number, pg_temp.seed_pick(n, 3)),
       (ARRAY['asset.rented','asset.returned'])[1 + n % 2], pg_temp.seed_id(6, t.number, pg_temp.seed_pick(n, t.assets))::text,
       pg_temp.seed_time(n, t.audit_logs)
FROM seed_tenants t, generate_series(1, t.audit_logs) AS n
ORDER BY n, t.number;

INSERT INTO webhook_events (id, "tenantId", "externalId", type, payload, "receivedAt")
SELECT pg_temp.seed_id(18, t.number, n), t.id, 'evt_' || t.number || '_' || n, 'payment.succeeded',
       jsonb_build_object('invoiceId', pg_temp.seed_id(12, t.number, pg_temp.seed_pick(n, t.invoices))),
       pg_temp.seed_time(n, t.webhook_events)
FROM seed_tenants t, generate_series(1, t.webhook_events) AS n
ORDER BY n, t.number;

DROP TABLE seed_tenants;
DROP FUNCTION pg_temp.seed_total, pg_temp.seed_price, pg_temp.seed_quantity, pg_temp.seed_time, pg_temp.seed_pick, pg_temp.seed_id;
