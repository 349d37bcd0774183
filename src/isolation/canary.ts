import { randomBytes } from "node:crypto";

const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
const letters = (count: number) => [...randomBytes(count)].map((byte) => alphabet[byte % 32]).join("");

/** What the canaries of one tenant begin with in one run: no database holds it by chance (30 random bits). */
export function newCanaryWord(): string {
  return `tc${letters(6)}`;
}

/**
 * A value that no database holds by chance: 14 letters and digits, lower case.
 *
 * @param word of the tenant whose data it marks; one of nobody's where that is what has to be found out
 */
export function newCanary(word = newCanaryWord()): string {
  return `${word}${letters(6)}`;
}

/** The whole canaries of a word in a text, whatever case the application gave them. */
export function canariesIn(text: string, word: string): string[] {
  return text.toLowerCase().match(new RegExp(`${word}[${alphabet}]{6}`, "g")) ?? [];
}

/** Whether a text holds a canary of whatever run. */
export function holdsAnyCanary(text: string): boolean {
  return new RegExp(`tc[${alphabet}]{12}`, "i").test(text);
}
