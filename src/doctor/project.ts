import type { Attempt } from "../findings/attempt.js";
import { type Item, itemOf } from "./item.js";

/** What was found of the application's own files: a text that names it, undefined where there is none. */
export interface ProjectFacts {
  readonly config: Attempt<string | undefined>;
  readonly schema: Attempt<string | undefined>;
  readonly registry: Attempt<string | undefined>;
  readonly tenant: Attempt<string | undefined>;
  /** A config or an option speaks of the application, a schema is there, or a database is named. */
  readonly hasApplication: boolean;
}

const group = "Project";

/** Config, schema, registry and tenant as items. Pure. */
export function judgeProject({ config, schema, registry, tenant, hasApplication }: ProjectFacts): Item[] {
  return [
    judge(config, {
      id: "config",
      name: "Config",
      usedFor: "what a command works on, where the options don't say it",
      blocks:
        "problem" in config
          ? "every command; and what else is needed is not known"
          : "the fleet, isolation and rollout commands; the others infer what they need",
      none: "no tenantctl.config.ts here or above",
      commands: ["tenantctl init"],
      isNeeded: "problem" in config,
    }),
    judge(schema, {
      id: "schema",
      name: "Prisma schema",
      usedFor: "models and their tables",
      blocks: "audit, registry and db commands",
      none: "no Prisma schema found",
      hint: "run tenantctl where the schema is, or name it: --schema path/to/schema.prisma",
      isNeeded: hasApplication,
    }),
    judge(tenant, {
      id: "tenant",
      name: "Tenant",
      usedFor: "which rows are whose",
      blocks: "audit, registry and db commands",
      none: "not looked for: there is no schema to read",
      isNeeded: "problem" in tenant,
    }),
    judge(registry, {
      id: "registry",
      name: "Registry",
      usedFor: "the category of each model",
      blocks: "registry validate, and that part of audit",
      none: "no module exports TENANT_SCOPED_MODELS",
      commands: ["tenantctl registry generate --output src/config/tenant-model-registry.ts"],
      isNeeded: "problem" in registry,
    }),
  ];
}

interface Part {
  readonly id: string;
  readonly name: string;
  readonly usedFor: string;
  readonly blocks: string;
  /** What is said where there is none. */
  readonly none: string;
  readonly hint?: string;
  readonly commands?: readonly string[];
  readonly isNeeded: boolean;
}

function judge(attempt: Attempt<string | undefined>, { none, hint, commands, ...part }: Part): Item {
  if ("problem" in attempt) {
    return itemOf({ ...part, group, isThere: false, found: attempt.problem, hint: attempt.hint });
  }
  const isThere = attempt.value !== undefined;
  return itemOf({ ...part, group, isThere, found: attempt.value ?? none, hint, commands });
}
