import stringWidth from "string-width";

export type { Severity } from "../findings/finding.js";
export type { CheckStatus, Verdict } from "../findings/report.js";

/** `1 row`, `2 rows`, `1,234,567 rows` */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? noun : plural}`;
}

/** `12 ms`, `3.4 s`, `2 min 5 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Text from a database or a file may hold escape sequences; on a terminal they are shown, not obeyed. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.codePointAt(0)!.toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}

/** Breaks text at spaces so that no line is wider than `width`; a longer word gets a line of its own. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && stringWidth(indent + longer) > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line);
  }
  return lines.map((line) => indent + line).join("\n");
}

/**
 * Cuts a name in its middle, so that two long names with the same beginning can still be told apart:
 * `client_business…_tenant_idx`.
 */
export function shorten(name: string, width: number): string {
  if (stringWidth(name) <= width) return name;
  const characters = [...name];
  const kept = Math.max(2, width - 1);
  const head = Math.ceil(kept / 2);
  return `${characters.slice(0, head).join("")}…${characters.slice(-(kept - head)).join("")}`;
}
