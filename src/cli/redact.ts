/**
 * `user:` of a URL, then its password: to the last `@` of the word, or, with a blank in it, to the next. One
 * slash is left where the URL was taken for a path. PASSWORD itself is the placeholder of our own hints.
 */
const inUrl = /(:\/+[^\s:@/]*:)(?!PASSWORD@)(?:\S*@|(?!\d+(?:[\s/.,;:)'"]|$))[^\n@]*@)/g;
const inParameters = /([?&](?:password|sslpassword|api_key)=)[^\s&"'`]+/gi;

/**
 * The same value, with the password of every URL in its texts replaced by `[redacted]`. A URL that lands in
 * the wrong place (a command's name, a path) is told back in errors, and no secret knows of it there.
 */
export function redactPasswords<T>(value: T): T {
  return redact(value) as T;
}

function redact(value: unknown): unknown {
  if (typeof value === "string")
    return value.replace(inUrl, "$1[redacted]@").replace(inParameters, "$1[redacted]");
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redact(each)]));
}
