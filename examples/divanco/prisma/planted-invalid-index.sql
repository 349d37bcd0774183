-- db/invalid-index, second half. Run alone, outside a transaction, after planted-faults.sql.
-- It is expected to FAIL with 23505 (duplicate key) and leaves the index behind, invalid; the build failed before writes were to maintain it.
CREATE UNIQUE INDEX CONCURRENTLY "assets_serial_number_key" ON assets ("tenantId", "serialNumber");
