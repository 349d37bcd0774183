import { accessSync, constants, existsSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { UnavailableError } from "../findings/errors.js";
import type { Report } from "../findings/report.js";
import type { Theme } from "../render/theme.js";
import type { Context, Invocation } from "./context.js";
import { redactPasswords } from "./redact.js";
import { rulePage } from "./rule-page.js";

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
  const text = await render(context, invocation, redactPasswords(report), body, redactPasswords(subtitle));
  await writeResult(context, invocation.output, text);
  if (invocation.output !== undefined && !invocation.isQuiet && !report.error) {
    const { summarize } = await import("../render/words.js");
    for (const line of reasonLine(report)) context.stderr.write(`${redactPasswords(line)}\n`);
    context.stderr.write(
      `${report.verdict}: ${summarize(report.summary)}; written to ${redactPasswords(invocation.output)}\n`,
    );
  }
}

/** Why nothing can be said, in one line: nobody should have to open the file for that. */
function reasonLine({ verdict, checks }: Report): string[] {
  if (verdict !== "inconclusive" && verdict !== "error") return [];
  const [first, ...others] = checks.filter(({ status, reason }) => status === verdict && reason);
  const more = others.length ? `; and ${others.length} more` : "";
  return first ? [`${first.title}: ${first.reason!.replace(/\s+/g, " ")}${more}`] : [];
}

/** An audit may take an hour: that its result has nowhere to go is said before. */
export function requireOutputFolder({ cwd }: Context, output: string | undefined): void {
  if (output === undefined) return;
  try {
    accessSync(dirname(resolve(cwd, output)), constants.W_OK);
  } catch (error) {
    throw unwritable(output, error);
  }
}

export function unwritable(output: string, error: unknown): UnavailableError {
  const { code } = error as NodeJS.ErrnoException;
  const hint = code === "ENOENT" ? `mkdir -p ${dirname(output)}` : "check the folder and its permissions";
  return new UnavailableError(`can't write ${output}: ${code}`, hint);
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
    throw unwritable(output, error);
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
  switch (invocation.format) {
    case "html":
      return (await import("../render/report-html.js")).renderHtml(report, subtitle);
    case "junit":
      return (await import("../render/report-junit.js")).renderJunit(report);
    case "markdown":
      return (await import("../render/report-markdown.js")).renderMarkdown(report);
    case "sarif": {
      const { renderSarif } = await import("../render/report-sarif.js");
      return renderSarif(report, { folder: folderInRepository(context.cwd), page: rulePage });
    }
  }
  const theme = await themeOf(context, invocation);
  if (body) return `${redactPasswords(body(theme))}\n`;
  const { renderText } = await import("../render/report-text.js");
  return renderText(report, theme, { verbose: invocation.isVerbose });
}

/** The working directory as the repository names it; empty at its root, and where there is none. */
function folderInRepository(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return relative(folder, cwd);
    if (folder === dirname(folder)) return "";
  }
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
