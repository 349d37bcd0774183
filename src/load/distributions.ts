/** One-sided 95 %: a bound is wrong in one of twenty runs. */
export const normal95 = 1.6448536269514722;
/** 80 %: the power that required samples are worked out for. */
export const normal80 = 0.8416212335729143;

/**
 * The 95 % quantile of Student's t (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5): within
 * 0.3 % from three degrees of freedom on.
 */
export function student95(degreesOfFreedom: number): number {
  const z = normal95;
  const n = degreesOfFreedom;
  return (
    z +
    (z ** 3 + z) / (4 * n) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * n ** 3)
  );
}
