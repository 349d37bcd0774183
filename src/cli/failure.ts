import { exitCodes } from "../findings/exit-codes.js";
import { buildErrorReport } from "../findings/report.js";
import { type Context, formats, type Invocation } from "./context.js";
import { writeReport, writeResult } from "./output.js";
import { redactPasswords } from "./redact.js";

/** An error as the edge tells it. */
export interface Failure {
  readonly exitCode: number;
  readonly message: string;
  readonly hint: string;
}

/**
 * Tells a failure: as one JSON document (or HTML page) where that format was asked for, on stderr in any
 * case. Also when the options themselves were wrong, so that a script always finds its document.
 */
export async function reportFailure(
  context: Context,
  failure: Failure,
  args: readonly string[],
): Promise<void> {
  const invocation = context.invocation ?? guessInvocation(context, args);
  if (invocation.format !== "table") {
    const verdict = failure.exitCode === exitCodes.inconclusive ? "inconclusive" : "error";
    const report = redactPasswords(
      buildErrorReport(
        {
          version: context.version,
          command: invocation.command,
          environment: invocation.environment,
          startedAt: invocation.startedAt,
          finishedAt: context.now(),
        },
        verdict,
        { message: failure.message, hint: failure.hint },
      ),
    );
    await writeReport(context, invocation, report).catch(() =>
      writeResult(context, undefined, `${JSON.stringify(report, null, 2)}\n`),
    );
  }
  const { Chalk } = await import("chalk");
  const { hasColor } = await import("../render/theme.js");
  const { visible } = await import("../render/words.js");
  const isColored = hasColor({
    isTerminal: context.stderr.isTTY === true,
    columns: undefined,
    env: context.env,
    wantsColor: invocation.wantsColor,
  });
  const paint = new Chalk({ level: isColored ? 1 : 0 });
  context.stderr.write(
    `${paint.red("error:")} ${visible(failure.message)}\n${paint.dim(visible(failure.hint))}\n`,
  );
}

/** Options that commander refused were never parsed: only the format is looked for. */
function guessInvocation(context: Context, args: readonly string[]): Invocation {
  const at = args.indexOf("--format");
  const named = at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith("--format="))?.slice(9);
  const format = args.includes("--json") ? "json" : formats.find((each) => each === named);
  const words = args.filter((word, index) => index < 2 && !word.startsWith("-"));
  return {
    command: words.join(" ") || "tenantctl",
    environment: "default",
    format: format ?? "table",
    output: undefined,
    wantsColor: !args.includes("--no-color"),
    isVerbose: false,
    isQuiet: false,
    startedAt: context.now(),
  };
}
