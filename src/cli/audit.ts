import { Command } from "commander";
import { reportOnce } from "../audit/index.js";
import { auditDatabase, checkTitles, type DatabaseCheck } from "../database/index.js";
import type { CheckOutcome } from "../findings/check.js";
import type { Report } from "../findings/report.js";
import { registryFacts, schemaSuppressions, validateRegistry } from "../registry/index.js";
import { auditTargets } from "./audit-targets.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute, type Work } from "./execute.js";
import { type LoadedApplication, loadApplication } from "./load-application.js";
import {
  withAuditOptions,
  withCommonOptions,
  withDatabaseOptions,
  withDeepOption,
  withSchemaOptions,
} from "./options.js";

const databaseChecks: readonly DatabaseCheck[] = ["readiness", "orphans", "references"];

/** `tenantctl audit`: every read-only check in one report, the CI gate and the pre-deploy report. */
export function auditCommand(context: Context): Command {
  return withCommonOptions(
    withDatabaseOptions(withSchemaOptions(withDeepOption(withAuditOptions(new Command("audit"))))),
  )
    .description("every read-only check that the config allows, in one report (read only)")
    .addHelpText(
      "after",
      examples(
        "tenantctl audit",
        "tenantctl audit --format html --output audit.html",
        "tenantctl audit --url env:REPLICA_URL --fail-on warning --json",
        "tenantctl audit --write-baseline tenantctl-baseline.json",
        "tenantctl audit --baseline tenantctl-baseline.json --require registry,readiness --format sarif --output audit.sarif",
      ),
    )
    .action(async (options: AllOptions) => {
      await runAudit(context, options);
    });
}

/** The audit as a function: reports, sets the exit code, and hands the report back. */
export function runAudit(context: Context, options: AllOptions): Promise<Report> {
  return execute(context, "audit", options, async (work) => {
    const loaded = await loadApplication(work);
    const registry = auditRegistry(loaded);
    const databases = await auditDatabases(work, loaded, options.deep === true);
    return {
      outcomes: reportOnce([registry, ...databases], work.settings.severities),
      suppressions: schemaSuppressions(loaded.context.schema),
    };
  });
}

function auditRegistry({ context, hasRegistry }: LoadedApplication): CheckOutcome {
  const start = performance.now();
  if (!hasRegistry) {
    const reason = "there is no registry module; propose one: tenantctl registry generate --output FILE";
    return {
      id: "registry",
      title: "Registry",
      drafts: [],
      obstacle: { status: "skipped", reason },
      durationMs: 0,
      facts: {},
    };
  }
  const drafts = validateRegistry(context);
  return {
    id: "registry",
    title: "Registry",
    drafts,
    durationMs: performance.now() - start,
    facts: registryFacts(context),
  };
}

function auditDatabases(work: Work, loaded: LoadedApplication, deep: boolean): Promise<CheckOutcome[]> {
  return auditTargets(work, loaded, {
    checks: databaseChecks.map((id) => ({ id, title: checkTitles[id] })),
    hasOtherResults: true,
    run: (snapshot, application, progress) =>
      auditDatabase(snapshot, application, { checks: databaseChecks, deep, progress }),
  });
}
