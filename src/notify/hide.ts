/** Shorter ones are parts of other words. */
const shortest = 4;

/** The same value, with every secret in its texts replaced by `[redacted]`. */
export function hide(value: unknown, secrets: readonly string[]): unknown {
  // The longest first: a URL before the key that is part of it.
  const known = secrets
    .filter(({ length }) => length >= shortest)
    .sort((one, other) => other.length - one.length);
  const hidden = (each: unknown): unknown => {
    if (typeof each === "string")
      return known.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), each);
    if (Array.isArray(each)) return each.map(hidden);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, field]) => [key, hidden(field)]));
  };
  return hidden(value);
}

/** A URL of a channel, fit for any output: of webhooks the path is the secret. */
export function shownUrl(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}/[redacted]` : "[redacted]";
}
