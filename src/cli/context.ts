import { readFileSync } from "node:fs";

/** The world as a command sees it. Tests hand in another one. */
export interface Context {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted with an InterruptedError on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly version: string;
  /** The command that runs, as soon as its options are parsed: the edge reports a failure in its format. */
  invocation: Invocation | undefined;
  /** What a finished command ends the process with. */
  exitCode: number;
}

export interface Invocation {
  /** `registry validate` */
  readonly command: string;
  readonly environment: string;
  readonly format: Format;
  readonly output: string | undefined;
  readonly wantsColor: boolean;
  readonly isVerbose: boolean;
  readonly isQuiet: boolean;
  readonly startedAt: Date;
}

export const formats = ["table", "json", "junit", "sarif", "markdown", "html"] as const;
export type Format = (typeof formats)[number];

/** The package's version. */
export function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
