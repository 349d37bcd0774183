import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/prepare.mjs";
import { alternate, runNode, tenantctl } from "../measure.mjs";

const prisma = join(root, "node_modules", "prisma", "build", "index.js");

export const versionCase = {
  name: "tenantctl --version",
  peer: "node -e 0",
  limit: 2,
  run: ({ rounds }) =>
    alternate(
      rounds * 2,
      async () => (await runNode([tenantctl, "--version"])).ms,
      async () => (await runNode(["-e", "0"])).ms,
    ),
};

export const registryCase = {
  name: "registry validate, 80 models, whole command",
  peer: "prisma validate",
  limit: 1 / 3,
  run: ({ rounds }) => {
    const folder = registryProject(80);
    return alternate(
      rounds,
      () => validate(folder),
      () => prismaValidate(folder),
    );
  },
};

export const largeRegistryCase = {
  name: "registry validate, 280 models, whole command",
  peer: "one second",
  limit: 1,
  run: ({ rounds }) => {
    const folder = registryProject(280);
    return alternate(
      rounds,
      () => validate(folder),
      async () => 1000,
    );
  },
};

async function validate(folder) {
  const { ms, code, stderr } = await runNode(
    [tenantctl, "registry", "validate", "--registry", "registry.ts"],
    { cwd: folder },
  );
  if (code !== 0) throw new Error(stderr);
  return ms;
}

async function prismaValidate(folder) {
  // Any file will do as an engine: validation of version 7 is WebAssembly and never runs it.
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
  };
  const { ms, code, stderr } = await runNode([prisma, "validate", "--schema", "prisma/schema.prisma"], {
    cwd: folder,
    env,
  });
  if (code !== 0) throw new Error(stderr);
  return ms;
}

function registryProject(models) {
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-bench-"));
  const numbers = Array.from({ length: models - 1 }, (_, index) => index);
  const tenant = `model Tenant {\n  id String @id @default(uuid()) @db.Uuid\n${numbers.map((n) => `  list${n} Model${n}[]`).join("\n")}\n}`;
  const rest = numbers.map((n) => modelText(n, n === models - 2));
  mkdirSync(join(folder, "prisma"));
  writeFileSync(
    join(folder, "prisma", "schema.prisma"),
    ['datasource db {\n  provider = "postgresql"\n}', tenant, ...rest].join("\n\n"),
  );
  const names = numbers.map((n) => `"Model${n}"`).join(", ");
  writeFileSync(
    join(folder, "registry.ts"),
    `export const TENANT_SCOPED_MODELS = [${names}] as const;\nexport const GLOBAL_MODELS = ["Tenant"] as const;\n`,
  );
  return folder;
}

function modelText(number, isLast) {
  return `model Model${number} {
  id String @id @default(uuid()) @db.Uuid
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  name String @db.VarChar(200)
  status String
  amount Decimal @db.Decimal(12, 2)
  note String?
  createdAt DateTime @default(now())
  updatedAt DateTime @updatedAt
  parentId String? @db.Uuid
  ${number > 0 ? `parent Model${number - 1}? @relation(fields: [parentId], references: [id])` : ""}
  ${isLast ? "" : `children Model${number + 1}[]`}
  @@unique([tenantId, name])
  @@index([tenantId, createdAt])
  @@map("model_${number}")
}`;
}
