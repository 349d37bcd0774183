import { type Category, categories, exportNames } from "./module/types.js";
import { type Proposal, proposeCategory } from "./propose.js";
import type { PrismaSchema } from "./schema/types.js";
import { tenantPaths } from "./tenancy/path.js";
import type { Tenancy } from "./tenancy/types.js";

export interface ProposedModel extends Proposal {
  readonly model: string;
}

/** A category for every model of the schema, each with its reason. */
export function proposeRegistry(schema: PrismaSchema, tenancy: Tenancy): ProposedModel[] {
  const paths = tenantPaths(schema, tenancy);
  return schema.models.map((model) => ({
    model: model.name,
    ...proposeCategory(model, paths.get(model.name)!, tenancy, schema.models),
  }));
}

const headings: Readonly<Record<Category, string>> = {
  "tenant-scoped": "Rows belong to one tenant, by their own column.",
  "sub-scoped": "Rows belong to one unit of one tenant, by their own columns.",
  global: "The same for every tenant, or the tenant itself. The guard does not filter these.",
  special: "Rows belong to one tenant through a parent.",
};

/** The registry module's text: four arrays, a reason beside each name, `DECIDE` where a person must. */
export function renderRegistryModule(proposals: readonly ProposedModel[], tenancy: Tenancy): string {
  const decisions = proposals.filter((proposal) => proposal.decide).length;
  const sections = categories.map((category) => renderCategory(category, proposals));
  return [
    `// Proposed by tenantctl registry generate. Tenant: ${tenancy.model.name}, column ${tenancy.column} (${tenancy.basis}).`,
    decisions
      ? `// ${decisions} ${decisions === 1 ? "entry needs" : "entries need"} a person's word: look for DECIDE.`
      : "// No entry needs a decision; read it all the same.",
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}

function renderCategory(category: Category, proposals: readonly ProposedModel[]): string {
  const lines = proposals
    .filter((proposal) => proposal.category === category)
    .map(({ model, reason, decide }) => {
      const note = decide ? ` DECIDE: ${decide}` : "";
      return `  ${JSON.stringify(model)}, // ${reason}.${note}`;
    });
  const head = `/** ${headings[category]} */\nexport const ${exportNames[category]} = [`;
  return lines.length ? `${head}\n${lines.join("\n")}\n] as const;` : `${head}] as const;`;
}
