import { createInterface } from "node:readline/promises";
import type { Settings } from "../config/settings.js";
import { InterruptedError, UsageError } from "../findings/errors.js";
import type { Context } from "./context.js";
import type { CommonOptions } from "./options.js";
import { isConfirmedFor } from "./protected.js";

/** How somebody says yes to a change. */
export interface ConsentFlags {
  readonly yes?: boolean;
  readonly confirm?: string;
}

/**
 * Makes sure that a change is meant: `--confirm NAME` for a protected environment, `--yes` for any other; at a
 * terminal it is asked for.
 *
 * @param what the change, as `build 3 indexes in divanco on db.example.com:5432`
 * @throws UsageError where nobody said yes, InterruptedError where somebody said no.
 */
export async function requireConsent(
  context: Context,
  { yes, confirm, input }: ConsentFlags & Pick<CommonOptions, "input">,
  settings: Settings,
  isLocal: boolean,
  what: string,
): Promise<void> {
  const { environment } = settings;
  const isFree = isConfirmedFor(confirm, settings, isLocal);
  if (isFree && (yes || confirm !== undefined)) return;
  const mayAsk = input && context.stdin.isTTY === true && context.stderr.isTTY === true;
  if (!mayAsk)
    throw new UsageError(
      isFree ? `this would ${what}, and nobody said yes` : `this would ${what}, which is protected`,
      `${isFree ? "--yes" : `--confirm ${environment}`} does it; --dry-run shows what would be done`,
    );
  const question = isFree ? `${what}? [y/N] ` : `${what}: type ${environment} to go on: `;
  const answer = await ask(context, question);
  if (isFree ? /^y(es)?$/i.test(answer) : answer === environment) return;
  throw new InterruptedError("nothing was changed", "--dry-run shows what would be done");
}

async function ask({ stdin, stderr, signal }: Context, question: string): Promise<string> {
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    return (await terminal.question(question, { signal })).trim();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}
