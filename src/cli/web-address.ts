import { UsageError } from "../findings/errors.js";

/**
 * An http or https URL as it was given; `{tenant}` may stand in it.
 *
 * @throws UsageError where it is none, or holds a password.
 */
export function requireWebAddress(text: string, hint: string): string {
  const filled = text.replaceAll("{tenant}", "tenant");
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return text;
  throw new UsageError(
    `${url?.username || url?.password ? "a URL with a password" : text} is no address that can be tried`,
    hint,
  );
}
