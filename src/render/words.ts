import { createRequire } from "node:module";

import { grouped } from "../findings/numbers.js";
import type { CheckResult, CheckStatus, Report } from "../findings/report.js";

export type { Severity } from "../findings/finding.js";
export { grouped, size } from "../findings/numbers.js";
export type { CheckStatus, Verdict } from "../findings/report.js";

/** `1 row`, `2 rows`, `1,234,567 rows` */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(number)} ${number === 1 ? noun : plural}`;
}

let measure: ((text: string) => number) | undefined;

/** Columns that a text takes on a terminal. Plain text is its own length; only the rest is looked up. */
export function displayWidth(text: string): number {
  const plain = text.replace(/\u001b\[[\d;]*m/g, "");
  if (/^[\x20-\x7e✓✗–→…]*$/.test(plain)) return plain.length;
  measure ??= (createRequire(import.meta.url)("string-width") as { default: (text: string) => number })
    .default;
  return measure(text);
}

/** `12 ms`, `3.4 s`, `2 min 5 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `12.0 s`, `4 min 10 s`, `7 h`, `12 days` */
export function age(seconds: number): string {
  if (seconds < 3600) return duration(seconds * 1000);
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return count(Math.round(seconds / 86_400), "day");
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
      if (line !== "" && displayWidth(indent + longer) > width) {
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
  if (displayWidth(name) <= width) return name;
  const characters = [...name];
  const kept = Math.max(2, width - 1);
  const head = Math.ceil(kept / 2);
  return `${characters.slice(0, head).join("")}…${characters.slice(-(kept - head)).join("")}`;
}

/**
 * Cuts names so that those which differ still do: where two would look the same, the cut is moved to where
 * they part, `Dup (0000…-0002-400…`.
 */
export function shortenAll(names: readonly string[], width: number): string[] {
  const cut = names.map((name) => shorten(name, width));
  return cut.map((text, index) => {
    const name = names[index]!;
    const rivals = names.filter((other, at) => other !== name && cut[at] === text);
    return rivals.length === 0 ? text : aroundDifference(name, rivals, width);
  });
}

function aroundDifference(name: string, rivals: readonly string[], width: number): string {
  const characters = [...name];
  const parting = (other: string) => {
    const others = [...other];
    const at = characters.findIndex((character, index) => character !== others[index]);
    return at < 0 ? characters.length : at;
  };
  // The rival that stays alike the longest decides.
  const from = Math.max(...rivals.map(parting));
  const head = Math.max(1, Math.floor(width / 3));
  const room = width - head - 1;
  const start = Math.max(head, Math.min(from - 1, characters.length - room));
  const isLast = start + room >= characters.length;
  const tail = isLast ? characters.slice(start) : [...characters.slice(start, start + room - 1), "…"];
  return `${characters.slice(0, head).join("")}…${tail.join("")}`;
}

/** What a check found, in words: `2 errors, 1 warning`; that it saw nothing, or that rules are off. */
export function foundIn(check: CheckResult): string {
  const { findings, suppressed = [], status, facts } = check;
  if (typeof facts.isNeeded === "boolean") return foundOfThing(check);
  if (status === "skipped") return "not run";
  const parts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    if (number === 0) return [];
    return [severity === "info" ? `${number} info` : count(number, severity)];
  });
  if (suppressed.length) parts.push(`${suppressed.length} suppressed`);
  parts.push(...tally(facts));
  if (parts.length === 0) parts.push(nothing(status, facts));
  const { rulesOff = [] } = facts as { rulesOff?: string[] };
  if (rulesOff.length) parts.push(`${count(rulesOff.length, "rule")} off`);
  return parts.join(", ");
}

/** What a check counted beside findings: routes with a probe, objects that were deleted. */
function tally({ routes, probed, deleted, forGood }: CheckResult["facts"]): string[] {
  if (typeof routes === "number" && typeof probed === "number")
    return [`${grouped(probed)} of ${count(routes, "route")} probed`];
  if (!Array.isArray(deleted) || !Array.isArray(forGood)) return [];
  return [
    `${grouped(deleted.length)} deleted`,
    ...(forGood.length ? [`${grouped(forGood.length)} can't be`] : []),
  ];
}

/** A check of one thing, `doctor`'s: what was found; where it is missing, its reason says that. */
function foundOfThing({ status, facts: { found } }: CheckResult): string {
  if (status === "pass") return visible(String(found));
  return status === "skipped" ? "not needed" : "missing";
}

/** Nothing found is not the same as nothing seen, or nothing there to look at. */
function nothing(status: CheckStatus, facts: CheckResult["facts"]): string {
  if (status === "error" || status === "inconclusive") return "not seen";
  const lists = ["scanned", "proven", "unseen"].map((key) => facts[key]);
  const isEmpty = lists.every((list) => Array.isArray(list) && list.length === 0);
  return isEmpty ? "nothing to look at" : "nothing";
}

/** What a report looked at, each once: `eu: database divanco, PostgreSQL 18.4`, `API http://localhost:3000`. */
export function lookedAt({ checks }: Report): string[] {
  const names = checks.flatMap(({ facts: { database, databaseName, server, api } }) => [
    ...(typeof database === "string"
      ? [`${databaseName ? `${databaseName}: ` : ""}database ${visible(database)}, PostgreSQL ${server}`]
      : []),
    ...(typeof api === "string" ? [`API ${visible(api)}`] : []),
  ]);
  return [...new Set(names)];
}

/** A value in words: numbers with separators, objects as `name value` pairs. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "number") return grouped(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map(valueText).join(", ") || "none";
  return Object.entries(value)
    .map(([name, item]) => `${name} ${valueText(item)}`)
    .join(", ");
}

/** `2 errors, 1 warning, 3 suppressed` */
export function summarize({ error, warning, info, suppressed }: Report["summary"]): string {
  return [
    count(error, "error"),
    count(warning, "warning"),
    ...(info ? [`${info} info`] : []),
    ...(suppressed ? [`${suppressed} suppressed`] : []),
  ].join(", ");
}
