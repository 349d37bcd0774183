import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { UsageError } from "../findings/errors.js";
import {
  type ListedModel,
  listModels,
  type ProposedModel,
  proposeRegistry,
  registryFacts,
  renderRegistryModule,
  schemaSuppressions,
  tenancyFacts,
  validateRegistry,
} from "../registry/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { loadApplication, requireRegistry } from "./load-application.js";
import { withCommonOptions, withSchemaOptions } from "./options.js";
import { writeResult } from "./output.js";

/** `tenantctl registry`: the list that puts every model in one category, against the Prisma schema. */
export function registryCommand(context: Context): Command {
  const command = new Command("registry").description("the registry of models against the Prisma schema");
  command.addCommand(validateCommand(context));
  command.addCommand(generateCommand(context));
  command.addCommand(listCommand(context));
  return command;
}

function validateCommand(context: Context): Command {
  return withCommonOptions(withSchemaOptions(new Command("validate")))
    .description(
      "check the registry: every model in one category, every scoped model with column, index and relation",
    )
    .addHelpText(
      "after",
      examples(
        "tenantctl registry validate",
        "tenantctl registry validate --schema prisma/schema.prisma --registry src/config/tenant-model-registry.ts",
        "tenantctl registry validate --tenant-model Organization --tenant-column organizationId --json",
      ),
    )
    .action((options: AllOptions) => validate(context, options));
}

async function validate(context: Context, options: AllOptions): Promise<void> {
  await execute(context, "registry validate", options, async (work) => {
    requireRegistry(work.settings);
    const { context: registry } = await loadApplication(work);
    const start = performance.now();
    const drafts = validateRegistry(registry);
    const durationMs = performance.now() - start;
    return {
      outcomes: [{ id: "registry", title: "Registry", drafts, durationMs, facts: registryFacts(registry) }],
      suppressions: schemaSuppressions(registry.schema),
    };
  });
}

function listCommand(context: Context): Command {
  return withCommonOptions(withSchemaOptions(new Command("list")))
    .description("every model with its table, category, tenant path, index and foreign key")
    .addHelpText(
      "after",
      examples("tenantctl registry list", "tenantctl registry list --json | jq '.checks[0].facts.models'"),
    )
    .action((options: AllOptions) => list(context, options));
}

async function list(context: Context, options: AllOptions): Promise<void> {
  await execute(context, "registry list", options, async (work) => {
    const { context: registry } = await loadApplication(work);
    const models = listModels(registry);
    const facts = { tenant: tenancyFacts(registry.tenancy), models };
    const { renderModelList } = await import("../render/model-list.js");
    return {
      outcomes: [{ id: "registry-list", title: "Models", drafts: [], durationMs: 0, facts }],
      body: (theme) => renderModelList(models.map(lineOf), theme),
    };
  });
}

function lineOf({ schema, table, category, index, foreignKey, ...rest }: ListedModel) {
  return {
    ...rest,
    table: schema === null ? table : `${schema}.${table}`,
    category: category ?? "none",
    index: index ?? "none",
    foreignKey: foreignKey ?? "none",
  };
}

function generateCommand(context: Context): Command {
  const own = new Command("generate").option("--force", "overwrite the module that --output names");
  return withCommonOptions(withSchemaOptions(own))
    .description(
      "propose a registry for the Prisma schema, with a reason beside each model (--output names the module it writes)",
    )
    .addHelpText(
      "after",
      examples(
        "tenantctl registry generate",
        "tenantctl registry generate --output src/config/tenant-model-registry.ts",
        "tenantctl registry generate --tenant-model Team --tenant-column teamId",
      ),
    )
    .action((options: AllOptions & { force?: boolean }) => generate(context, options));
}

/** With --output the module goes to that file, and the report, which says what a person must decide, to stdout. */
async function generate(
  context: Context,
  { output, ...options }: AllOptions & { force?: boolean },
): Promise<void> {
  await execute(context, "registry generate", options, async (work) => {
    if (output !== undefined) refuseOverwrite(context, output, options.force === true);
    const { settings } = work;
    const { context: registry } = await loadApplication({
      ...work,
      settings: { ...settings, registryPath: () => undefined },
    });
    const proposals = proposeRegistry(registry.schema, registry.tenancy);
    const module = renderRegistryModule(proposals, registry.tenancy);
    if (output !== undefined) {
      mkdirSync(dirname(resolve(context.cwd, output)), { recursive: true });
      await writeResult(context, output, module);
    }
    return {
      outcomes: [
        {
          id: "registry-generate",
          title: "Proposed registry",
          drafts: [],
          durationMs: 0,
          facts: {
            tenant: tenancyFacts(registry.tenancy),
            models: proposals,
            decisions: proposals.filter((proposal) => proposal.decide).map((proposal) => proposal.model),
            ...(output === undefined ? { module } : { output }),
          },
        },
      ],
      body: () => (output === undefined ? module.trimEnd() : summaryOf(proposals, output)),
    };
  });
}

function refuseOverwrite(context: Context, output: string, isForced: boolean): void {
  if (/^[a-z][a-z+]*:\/\//i.test(output)) {
    throw new UsageError(
      `--output names a file, and ${output} is a URL`,
      "--output src/config/tenant-model-registry.ts",
    );
  }
  if (isForced || !existsSync(resolve(context.cwd, output))) return;
  throw new UsageError(
    `${output} exists already`,
    "give another --output and compare the two, or overwrite it with --force",
  );
}

function summaryOf(proposals: readonly ProposedModel[], output: string): string {
  const open = proposals.filter((proposal) => proposal.decide);
  const lines = open.map(({ model, category, decide }) => `  ${model} (${category}): ${decide}`);
  return [
    `Wrote ${output}: ${proposals.length} models.`,
    ...(open.length ? ["A person must decide:", ...lines] : []),
    "",
    `Next: tenantctl registry validate --registry ${output}`,
  ].join("\n");
}
