export const dayMs = 86_400_000;

/** `3.5 days`, `5 hours` */
export function inDays(milliseconds: number): string {
  const hours = Math.ceil(milliseconds / 3_600_000);
  if (hours < 48) return `${hours} ${hours === 1 ? "hour" : "hours"}`;
  const days = Math.floor((milliseconds / dayMs) * 10) / 10;
  return `${days} days`;
}
