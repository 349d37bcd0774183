import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UnavailableError } from "../findings/errors.js";
import type { Report } from "../findings/report.js";
import type { Theme } from "../render/theme.js";
import type { Context, Invocation } from "./context.js";

/** What a command shows in place of findings and verdict, in the table format only. */
export type TextBody = (theme: Theme) => string;

/** Writes a report in the format asked for, to stdout or to the file named. */
export async function writeReport(
  context: Context,
  invocation: Invocation,
  report: Report,
  body?: TextBody,
  subtitle?: string,
): Promise<void> {
  const text = await render(context, invocation, report, body, subtitle);
  await writeResult(context, invocation.output, text);
}

/** Writes a result to stdout, or to a file and leaves stdout empty. */
export async function writeResult(context: Context, output: string | undefined, text: string): Promise<void> {
  if (output === undefined) {
    await new Promise<void>((done) => context.stdout.write(text, () => done()));
    return;
  }
  try {
    writeFileSync(resolve(context.cwd, output), text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnavailableError(`can't write ${output}: ${code}`, "check the folder and its permissions");
  }
}

async function render(
  context: Context,
  invocation: Invocation,
  report: Report,
  body: TextBody | undefined,
  subtitle: string | undefined,
): Promise<string> {
  if (invocation.format === "json") return `${JSON.stringify(report, null, 2)}\n`;
  if (invocation.format === "html") {
    const { renderHtml } = await import("../render/report-html.js");
    return renderHtml(report, subtitle);
  }
  const theme = await themeOf(context, invocation);
  if (body) return `${body(theme)}\n`;
  const { renderText } = await import("../render/report-text.js");
  return renderText(report, theme, { verbose: invocation.isVerbose });
}

async function themeOf(context: Context, { output, wantsColor }: Invocation): Promise<Theme> {
  const { themeFor } = await import("../render/theme.js");
  return themeFor({
    isTerminal: output === undefined && context.stdout.isTTY === true,
    columns: output === undefined ? context.stdout.columns : undefined,
    env: context.env,
    wantsColor,
  });
}
