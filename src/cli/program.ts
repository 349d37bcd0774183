import { Command } from "commander";
import type { Context } from "./context.js";
import { examples } from "./examples.js";

/** Each top-level command by its name, loaded when it is asked for: start-up is felt on every call. */
const commands: Readonly<Record<string, (context: Context) => Promise<Command>>> = {
  init: async (context) => (await import("./init.js")).initCommand(context),
  doctor: async (context) => (await import("./doctor.js")).doctorCommand(context),
  audit: async (context) => (await import("./audit.js")).auditCommand(context),
  registry: async (context) => (await import("./registry.js")).registryCommand(context),
  db: async (context) => (await import("./db.js")).databaseCommand(context),
  index: async (context) => (await import("./indexes.js")).indexCommand(context),
  isolation: async (context) => (await import("./isolation.js")).isolationCommand(context),
  smoke: async (context) => (await import("./smoke.js")).smokeCommand(context),
  load: async (context) => (await import("./load.js")).loadCommand(context),
  deploy: async (context) => (await import("./deploy.js")).deployCommand(context),
  rollout: async (context) => (await import("./rollout.js")).rolloutCommand(context),
  notify: async (context) => (await import("./notify.js")).notifyCommand(context),
  demo: async (context) => (await import("./demo.js")).demoCommand(context),
  explain: async (context) => (await import("./explain.js")).explainCommand(context),
  completion: async (context) => (await import("./completion.js")).completionCommand(context),
  "report-schema": async (context) => (await import("./report-schema.js")).reportSchemaCommand(context),
};

/**
 * The command tree for some arguments: the one command that they name, or all of them for help and
 * suggestions. Parsing errors are thrown as CommanderError, never `process.exit`.
 */
export async function buildProgram(context: Context, args: readonly string[]): Promise<Command> {
  const program = new Command("tenantctl")
    .description("Prove tenant isolation of a multi-tenant application on PostgreSQL.")
    .version(context.version)
    .addHelpText(
      "after",
      examples("tenantctl audit", "tenantctl registry validate", "tenantctl db orphans --json"),
    );
  const named = Object.hasOwn(commands, args[0] ?? "") ? [commands[args[0]!]!] : Object.values(commands);
  for (const load of named) program.addCommand(await load(context));
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
