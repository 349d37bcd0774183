import type { FindingDraft } from "../../src/findings/finding.js";
import { buildRegistryContext } from "../../src/registry/context.js";
import { type Category, categories, type Registry } from "../../src/registry/module/types.js";
import { parsePrismaSchema } from "../../src/registry/schema/read.js";
import { resolveTenancy, type TenancySettings } from "../../src/registry/tenancy/resolve.js";
import { validateRegistry } from "../../src/registry/validate.js";

/** Names by category, as a registry module lists them. */
export type Lists = Partial<Record<Category, readonly string[]>>;

/** A registry as if it had been read from registry.ts, a line a name. */
export function registryOf(lists: Lists): Registry {
  let line = 0;
  const entries = categories.flatMap((category) =>
    (lists[category] ?? []).map((name) => {
      line += 1;
      return { name, category, location: { file: "registry.ts", line }, place: `registry.ts:${line}` };
    }),
  );
  return { file: "registry.ts", entries, readBy: "static" };
}

/** Every finding of the registry rules on a schema's text (without datasource) and some lists, or a registry. */
export function registryFindings(
  schema: string,
  lists: Lists | Registry,
  settings: TenancySettings = { model: "Tenant", column: "tenantId" },
): FindingDraft[] {
  const parsed = parsePrismaSchema([
    { path: "schema.prisma", text: `datasource db {\n  provider = "postgresql"\n}\n${schema}` },
  ]);
  const registry = "entries" in lists ? lists : registryOf(lists);
  const subScoped = registry.entries.filter(({ category }) => category === "sub-scoped");
  const tenancy = resolveTenancy(
    parsed,
    settings,
    subScoped.map(({ name }) => name),
  );
  return validateRegistry(buildRegistryContext(parsed, tenancy, registry));
}

/** Rule ids alone, to compare with. */
export function rulesIn(findings: readonly FindingDraft[]): string[] {
  return findings.map((finding) => finding.rule);
}

/** A tenant model with lists for the models named. */
export function tenantModel(...children: readonly string[]): string {
  const lists = children.map((child) => `  ${child.toLowerCase()}s ${child}[]`).join("\n");
  return `model Tenant {\n  id String @id @db.Uuid\n  name String\n${lists}\n}\n`;
}

/** A scoped model as it should be; `fields` and `attributes` are added. */
export function scopedModel(name: string, fields = "", attributes = "@@index([tenantId])"): string {
  return `model ${name} {
  id String @id @default(uuid()) @db.Uuid
  tenantId String @db.Uuid
  tenant Tenant @relation(fields: [tenantId], references: [id])
  ${fields}
  ${attributes}
}
`;
}
