import { dispositionOf, type Exchange } from "./exchange.js";

/** Readings of each side before a difference is believed. */
const readings = 3;

/**
 * Whether answers depend on which of two things was asked for: something that every answer to the one says, and
 * none to the other. They are asked in turn, so that what changes with time stands on both sides.
 *
 * @param attack the first answer to the one
 * @param control the first answer to the other
 */
export async function differ(
  attack: Exchange,
  control: Exchange,
  askOne: () => Promise<Exchange>,
  askOther: () => Promise<Exchange>,
): Promise<boolean> {
  if (isAlike(attack, control)) return false;
  const these = [attack];
  const those = [control];
  while (these.length < readings) {
    those.push(await askOther());
    these.push(await askOne());
  }
  const isAnswered = (each: Exchange) => !["failed", "limited"].includes(dispositionOf(each));
  if (![...these, ...those].every(isAnswered)) return false;
  return sayAlone(these, those) || sayAlone(those, these);
}

function isAlike(left: Exchange, right: Exchange): boolean {
  const [facts, others] = [factsOf(left), factsOf(right)];
  return facts.size === others.size && [...facts].every((fact) => others.has(fact));
}

function sayAlone(these: readonly Exchange[], those: readonly Exchange[]): boolean {
  const [first, ...more] = these.map(factsOf);
  const others = those.map(factsOf);
  return [...first!].some(
    (fact) => more.every((facts) => facts.has(fact)) && others.every((facts) => !facts.has(fact)),
  );
}

/** What an answer says, whatever the order of its rows, without what it repeats of the request. */
function factsOf({ request, response: { status }, parsed: { json, leaves } }: Exchange): Set<string> {
  const asked = [...new URL(request.url).searchParams.values()].filter((value) => value.length > 3);
  const isEcho = (text: string) => asked.some((value) => text.includes(value));
  const own = json === undefined ? [] : leaves.filter(({ value }) => !isEcho(value));
  return new Set([`status ${status}`, ...own.map(({ path, value }) => `${unnumbered(path)}=${value}`)]);
}

function unnumbered(path: string): string {
  return path.replace(/\[\d+\]/g, "[]");
}
