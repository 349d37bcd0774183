import { CommanderError } from "commander";
import { AdapterError } from "./adapters/errors.js";
import { type Context, readVersion } from "./cli/context.js";
import { type Failure, reportFailure } from "./cli/failure.js";
import { buildProgram } from "./cli/program.js";
import { redactPasswords } from "./cli/redact.js";
import { CommandError, InterruptedError } from "./findings/errors.js";
import { exitCodes } from "./findings/exit-codes.js";

/** Runs one command line and returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const abort = new AbortController();
  const context: Context = {
    cwd: process.cwd(),
    env: process.env,
    // A getter: where nothing is asked, standard input stays unopened.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    signal: abort.signal,
    now: () => new Date(),
    version: readVersion(),
    invocation: undefined,
    exitCode: exitCodes.pass,
  };
  listenForSignals(abort);
  ignoreClosedPipes(context);
  try {
    const program = await buildProgram(context, args);
    await program.parseAsync([...args], { from: "user" });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.pass;
    const failure = redactPasswords(failureOf(error, context));
    await reportFailure(context, failure, args);
    return failure.exitCode;
  }
}

function failureOf(error: unknown, context: Context): Failure {
  if (error instanceof CommandError || error instanceof AdapterError) {
    const exitCode = error instanceof CommandError ? error.exitCode : exitCodes.error;
    return { exitCode, message: error.message, hint: error.hint };
  }
  if (error instanceof CommanderError) return usageFailure(error);
  const text =
    error instanceof Error ? (context.invocation?.isVerbose ? error.stack : error.message) : String(error);
  return {
    exitCode: exitCodes.error,
    message: `unexpected: ${text}`,
    hint: "this is a fault of tenantctl; run it again with --verbose and report what it prints",
  };
}

/** commander writes help to stderr where a noun lacks its verb; both are wrong usage here. */
function usageFailure(error: CommanderError): Failure {
  const message = error.message.replace(/^error: /, "");
  const isHelp = error.code === "commander.help" || message === "(outputHelp)";
  return {
    exitCode: exitCodes.usage,
    message: isHelp ? "a command is missing" : message,
    hint: "tenantctl --help lists the commands, tenantctl COMMAND --help the options",
  };
}

/** The first signal asks the command to stop and clean up; the second ends the process at once. */
function listenForSignals(abort: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (abort.signal.aborted) process.exit(exitCodes.interrupted);
      abort.abort(
        new InterruptedError(
          "interrupted: what ran on the server was cancelled, nothing was changed",
          "run the same command again",
        ),
      );
    });
  }
}

/** `tenantctl … | head` closes our stdout early; that is no error. */
function ignoreClosedPipes({ stdout, stderr }: Context): void {
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
