import { Chalk, type ChalkInstance } from "chalk";
import type { CheckStatus, Severity, Verdict } from "./words.js";

/** How text output looks on one stream. */
export interface Theme {
  readonly paint: ChalkInstance;
  readonly width: number;
  readonly marks: Readonly<
    Record<"pass" | "fail" | "warning" | "info" | "unknown" | "skipped" | "arrow", string>
  >;
  readonly hasUnicode: boolean;
}

export interface StreamFacts {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** False for `--no-color`. */
  readonly wantsColor: boolean;
}

const unicodeMarks = {
  pass: "✓",
  fail: "✗",
  warning: "!",
  info: "i",
  unknown: "?",
  skipped: "–",
  arrow: "→",
};
const asciiMarks = { pass: "+", fail: "x", warning: "!", info: "i", unknown: "?", skipped: "-", arrow: "->" };
const narrowest = 40;
const widest = 120;

/** Decides colour, width and marks. Meaning never rests on colour: each mark differs, and words stand by. */
export function themeFor(facts: StreamFacts): Theme {
  const hasUnicode = facts.env.TERM !== "dumb";
  const columns = facts.columns ?? (Number(facts.env.COLUMNS) || 80);
  return {
    paint: new Chalk({ level: hasColor(facts) ? 1 : 0 }),
    width: Math.min(widest, Math.max(narrowest, columns)),
    marks: hasUnicode ? unicodeMarks : asciiMarks,
    hasUnicode,
  };
}

/** `--no-color`, then FORCE_COLOR, then NO_COLOR (no-color.org), then whether a person reads it. */
export function hasColor({ isTerminal, env, wantsColor }: StreamFacts): boolean {
  if (!wantsColor) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  if (env.NO_COLOR) return false;
  return isTerminal && env.TERM !== "dumb";
}

/** `✗ error`, `✓ pass`…: a mark, then the word, in the word's colour. */
export function labelled(theme: Theme, word: Severity | CheckStatus | Verdict, text: string = word): string {
  const { paint, marks } = theme;
  switch (word) {
    case "pass":
      return paint.green(`${marks.pass} ${text}`);
    case "fail":
    case "error":
      return paint.red(`${marks.fail} ${text}`);
    case "warning":
      return paint.yellow(`${marks.warning} ${text}`);
    case "info":
      return paint.blue(`${marks.info} ${text}`);
    case "inconclusive":
      return paint.yellow(`${marks.unknown} ${text}`);
    case "skipped":
      return paint.dim(`${marks.skipped} ${text}`);
  }
}
