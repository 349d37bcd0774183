/** `1,234,567`. Node's own formatter takes 20 ms to load its locale data. */
export function grouped(number: number): string {
  const [whole, fraction] = String(number).split(".");
  const digits = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

/** `812 B`, `3.4 kB`, `1.2 GB`, in steps of 1,024. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${Math.round(value)} B` : `${value.toFixed(value < 100 ? 1 : 0)} ${units[unit]}`;
}
