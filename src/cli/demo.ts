import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { exampleFolder, startDemo } from "../demo/index.js";
import { exitCodes } from "../findings/exit-codes.js";
import { runAudit } from "./audit.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, begin } from "./execute.js";
import { withCommonOptions } from "./options.js";
import { writeReport, writeResult } from "./output.js";

const defaultReport = join(".tenantctl", "demo-report.html");

/** `tenantctl demo`: the audit of the example on an embedded PostgreSQL, and its HTML report. */
export function demoCommand(context: Context): Command {
  return withCommonOptions(new Command("demo"))
    .description("audit the example application on an embedded PostgreSQL; nothing of yours is touched")
    .addHelpText(
      "after",
      examples("tenantctl demo", "tenantctl demo --output demo.html", "tenantctl demo --json"),
    )
    .action((options: AllOptions) => demonstrate(context, options));
}

/**
 * The findings are planted, so they do not make the demo fail: it ends with 0 when the audit ran. With a
 * format other than the table, the result is the audit's own.
 */
async function demonstrate(context: Context, options: AllOptions): Promise<void> {
  const invocation = begin(context, "demo", options);
  const say = (step: string) => {
    if (!options.quiet) context.stderr.write(`demo: ${step}\n`);
  };
  const demo = await startDemo(say, context.signal);
  try {
    const example = {
      ...options,
      schema: join(exampleFolder, "prisma", "schema.prisma"),
      registry: join(exampleFolder, "src", "config", "tenant-model-registry.ts"),
    };
    const { output, ...onScreen } = example;
    const inside: Context = {
      ...context,
      cwd: exampleFolder,
      env: { ...context.env, DATABASE_URL: demo.url },
    };
    say("auditing it: registry, readiness, orphans, references, in one snapshot");
    if (invocation.format !== "table") {
      await runAudit(
        inside,
        output === undefined ? onScreen : { ...example, output: resolve(context.cwd, output) },
      );
    } else {
      const report = await runAudit(inside, onScreen);
      const page = resolve(context.cwd, output ?? defaultReport);
      mkdirSync(dirname(page), { recursive: true });
      await writeReport(
        inside,
        { ...invocation, format: "html", output: page },
        report,
        undefined,
        "divanco-api",
      );
      await writeResult(context, undefined, `\nThe same as a page for a browser:\n${page}\n`);
    }
    const ran = inside.exitCode === exitCodes.pass || inside.exitCode === exitCodes.fail;
    context.exitCode = ran ? exitCodes.pass : inside.exitCode;
  } finally {
    await demo.stop();
  }
}
