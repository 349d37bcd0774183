import { createHash } from "node:crypto";

/** A seeded source of chance: the same seed draws the same, on every machine. */
export interface Random {
  /** From 0 up to 1, without 1. */
  next(): number;
  /** A whole number between both bounds, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** Several different ones, in random order; all where there are fewer. */
  some<T>(choices: readonly T[], count: number): T[];
  shuffled<T>(values: readonly T[]): T[];
  /** Characters out of an alphabet. */
  text(alphabet: string, length: number): string;
}

/** mulberry32 of Tommy Ettinger (public domain), seeded by a hash so that neighbouring seeds have nothing in common. */
export function randomOf(...seed: (number | string)[]): Random {
  let state = createHash("sha256").update(seed.join("/")).digest().readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(choices: readonly T[]) => choices[between(0, choices.length - 1)]!;
  const shuffled = <T>(values: readonly T[]) => {
    const left = [...values];
    return values.map(() => left.splice(between(0, left.length - 1), 1)[0]!);
  };
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick,
    some: (choices, count) => shuffled(choices).slice(0, count),
    shuffled,
    text: (alphabet, length) => Array.from({ length }, () => pick([...alphabet])).join(""),
  };
}
