/** `1,234,567`. Node's own formatter takes 20 ms to load its locale data. */
export function grouped(number: number): string {
  const [whole, fraction] = String(number).split(".");
  const digits = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}
