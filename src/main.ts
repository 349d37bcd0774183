/** Answers --version; everything else is `run.ts`. */
import { readVersion } from "./cli/context.js";

const [, , ...args] = process.argv;
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  // Before anything else is loaded.
  process.stdout.write(`${readVersion()}\n`);
} else {
  const { run } = await import("./run.js");
  process.exitCode = await run(args);
}
