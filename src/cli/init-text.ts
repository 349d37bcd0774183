import type { Found, Survey } from "../config/survey.js";
import type { TenantGuess } from "../config/template.js";
import { type ChecklistItem, renderChecklist } from "../render/checklist.js";
import type { Theme } from "../render/theme.js";
import { visible, wrap } from "../render/words.js";

export interface ShownSurvey {
  readonly survey: Survey;
  readonly tenant: TenantGuess | undefined;
  /** What the schema left open. */
  readonly question: string | undefined;
  readonly text: string;
  readonly file: string;
  readonly existing: string | undefined;
  readonly isWritten: boolean;
}

/** What `init` found, what it wrote, and what to type next. */
export function renderSurvey(shown: ShownSurvey, theme: Theme): string {
  const { survey, question, text, file, existing, isWritten } = shown;
  const outcome = isWritten
    ? [`Wrote ${file}. Read it, then:`, ...nextSteps(survey).map((step) => `  ${step}`)].join("\n")
    : existing === undefined
      ? `${file} would be:\n\n${text.trimEnd()}`
      : "";
  return [
    renderChecklist(itemsOf(shown), theme),
    ...(question ? [wrap(visible(question), theme.width)] : []),
    ...(outcome ? [outcome] : []),
  ].join("\n\n");
}

function itemsOf({ survey, tenant }: ShownSurvey): ChecklistItem[] {
  const { hasUrl, urlVariable } = survey;
  const status = (isFound: boolean) => (isFound ? ("pass" as const) : ("skipped" as const));
  return [
    item("Prisma schema", survey.schema),
    item("Migrations", survey.migrations),
    item("prisma.config", survey.prismaConfig),
    item(".env", survey.environment),
    { status: status(hasUrl), name: "Database URL", text: `${urlVariable} is ${hasUrl ? "set" : "not set"}` },
    {
      status: status(tenant !== undefined),
      name: "Tenant",
      text: tenant ? `${tenant.model} by ${tenant.column} (${tenant.basis})` : "not clear",
    },
    item("Registry", survey.registry),
    item("OpenAPI", survey.openapi),
    item("Inventory", survey.inventory),
    item("pm2", survey.ecosystem),
  ];
}

function nextSteps({ schema, registry, hasUrl, urlVariable }: Survey): string[] {
  if (!("path" in schema)) return ["name the schema in it, or run tenantctl init where the schema is"];
  return [
    "path" in registry
      ? "tenantctl registry validate"
      : "tenantctl registry generate --output src/config/tenant-model-registry.ts",
    hasUrl ? "tenantctl audit" : `export ${urlVariable}=postgresql://…, then tenantctl audit`,
  ];
}

function item(name: string, found: Found): ChecklistItem {
  if ("path" in found) {
    return { status: "pass", name, text: `${found.path}${found.note ? ` (${found.note})` : ""}` };
  }
  return { status: "skipped", name, text: found.missing.split("\n")[0]! };
}
