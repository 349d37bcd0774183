import { displayWidth } from "./words.js";

/**
 * A command for a shell on lines that fit, each but the last ended by a backslash, so that it can be copied whole.
 * It is broken between its words only, never inside quotes; an option stays with its value where both fit.
 */
export function commandLines(command: string, width: number, indent: string): string[] {
  const further = `${indent}  `;
  const lines: string[] = [];
  let line = indent;
  for (const part of partsOf(command, width - further.length - 2)) {
    const isFirst = line.trim() === "";
    if (!isFirst && displayWidth(`${line} ${part}`) > width - 2) {
      lines.push(`${line} \\`);
      line = further + part;
    } else line = isFirst ? line + part : `${line} ${part}`;
  }
  return [...lines, line];
}

/** Its words; `-H 'name: value'` is one where there is room. */
function partsOf(command: string, room: number): string[] {
  const words = command.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs) ?? [];
  const parts: string[] = [];
  for (const word of words) {
    const last = parts.at(-1);
    const isValue = last !== undefined && /^--?[\w-]+$/.test(last) && !word.startsWith("-");
    if (isValue && displayWidth(`${last} ${word}`) <= room) parts[parts.length - 1] = `${last} ${word}`;
    else parts.push(word);
  }
  return parts;
}
