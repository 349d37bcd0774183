/** Random numbers from a seed: the same in every run. */
export interface Random {
  /** From 0 up to 1. */
  uniform(): number;
  /** Of the standard normal distribution. */
  normal(): number;
}

/** mulberry32 (Tommy Ettinger, public domain), and Box-Muller on top of it. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
