/** What the process ends with: a verdict's code, or that of wrong usage or an interruption. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  error: 2,
  inconclusive: 3,
  usage: 64,
  interrupted: 130,
} as const;
