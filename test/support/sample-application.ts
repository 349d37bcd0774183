/**
 * A small sound application: tenants, clients and assets with lines. Its schema and its tables agree in
 * everything, so a test that breaks one thing finds that one thing.
 */
export const sampleSchema = `model Tenant {
  id String @id @db.Uuid
  name String
  clients Client[]
  assets Asset[]
  @@map("tenants")
}
model Client {
  id Int @id
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  code String
  assets Asset[]
  @@unique([tenantId, code])
  @@map("clients")
}
model Asset {
  id Int @id
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  clientId Int?
  client Client? @relation(fields: [clientId], references: [id])
  lines Line[]
  @@index([tenantId])
  @@map("assets")
}
model Line {
  id Int @id
  assetId Int
  asset Asset @relation(fields: [assetId], references: [id])
  note String?
  @@map("lines")
}
`;

export const tenantA = "aaaaaaaa-0000-4000-8000-000000000000";
export const tenantB = "bbbbbbbb-0000-4000-8000-000000000000";
export const nobody = "ffffffff-0000-4000-8000-000000000000";

/** Ten clients and twenty assets a tenant (ids 1 to 20 are A's, 101 to 120 B's), a line each. */
export const sampleTables = `
create table tenants (id uuid primary key, name text not null);
create table clients (
  id int primary key,
  "tenantId" uuid not null constraint "clients_tenantId_fkey" references tenants (id),
  code text not null
);
create unique index "clients_tenantId_code_key" on clients ("tenantId", code);
create table assets (
  id int primary key,
  "tenantId" uuid not null constraint "assets_tenantId_fkey" references tenants (id),
  "clientId" int constraint "assets_clientId_fkey" references clients (id)
);
create index "assets_tenantId_idx" on assets ("tenantId");
create table lines (
  id int primary key,
  "assetId" int not null constraint "lines_assetId_fkey" references assets (id),
  note text
);
insert into tenants values ('${tenantA}', 'A'), ('${tenantB}', 'B');
insert into clients select o + i, t::uuid, 'c' || i from (values (0, '${tenantA}'), (100, '${tenantB}')) as v (o, t), generate_series(1, 10) as i;
insert into assets select o + i, t::uuid, o + 1 + i % 10 from (values (0, '${tenantA}'), (100, '${tenantB}')) as v (o, t), generate_series(1, 20) as i;
insert into lines select id, id, 'n' from assets;
`;
