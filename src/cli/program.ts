import { Command } from "commander";
import { auditCommand } from "./audit.js";
import type { Context } from "./context.js";
import { databaseCommand } from "./db.js";
import { demoCommand } from "./demo.js";
import { examples } from "./examples.js";
import { explainCommand } from "./explain.js";
import { registryCommand } from "./registry.js";
import { reportSchemaCommand } from "./report-schema.js";

/** The command tree. Parsing errors are thrown as CommanderError, never `process.exit`. */
export function buildProgram(context: Context): Command {
  const program = new Command("tenantctl")
    .description("Prove tenant isolation of a multi-tenant application on PostgreSQL.")
    .version(context.version)
    .addHelpText(
      "after",
      examples("tenantctl audit", "tenantctl registry validate", "tenantctl db orphans --json"),
    );
  program.addCommand(auditCommand(context));
  program.addCommand(registryCommand(context));
  program.addCommand(databaseCommand(context));
  program.addCommand(demoCommand(context));
  program.addCommand(explainCommand(context));
  program.addCommand(reportSchemaCommand(context));
  forEachCommand(program, (command) => {
    command
      .exitOverride()
      .showSuggestionAfterError()
      .configureOutput({
        writeOut: (text) => void context.stdout.write(text),
        // The edge writes usage errors itself, in the format that was asked for.
        outputError: () => {},
      });
  });
  return program;
}

function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forEachCommand(child, visit);
}
