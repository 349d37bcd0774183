/** Values of placeholders by their names. A number that was captured stays one. */
export type Values = ReadonlyMap<string, unknown>;

/** `{asset}`, `{env:ADMIN_KEY}`; `{{asset}}` stands for the text `{asset}` itself. */
const placeholder = /\{\{([^{}\s]+)\}\}|\{([A-Za-z_][\w-]*|(?:env|file):[^{}\s]+)\}/g;
/** A whole text that names a secret, as config writes it everywhere. */
const reference = /^(?:env|file):\S+$/;

/** A placeholder that no value is known of. */
export class UnknownPlaceholder extends Error {
  constructor(readonly placeholder: string) {
    super(`{${placeholder}} is not known`);
    this.name = "UnknownPlaceholder";
  }
}

/**
 * A text with its placeholders filled in.
 *
 * @param encode what a value becomes on its way into the text, such as a part of a path
 * @throws UnknownPlaceholder where a value is missing.
 */
export function filledText(
  template: string,
  values: Values,
  encode: (value: string) => string = (value) => value,
): string {
  const text = reference.test(template) ? `{${template}}` : template;
  return text.replace(placeholder, (_, literal: string | undefined, name: string) =>
    literal === undefined ? encode(asText(knownValue(name, values))) : `{${literal}}`,
  );
}

/**
 * The same for any value of JSON. A text that is nothing but a placeholder becomes its value, type and all.
 *
 * @throws UnknownPlaceholder where a value is missing.
 */
export function filled(template: unknown, values: Values): unknown {
  if (typeof template === "string") {
    const alone = /^\{([^{}\s]+)\}$/.exec(template)?.[1];
    if (alone !== undefined && placeholdersIn(template).length === 1) return knownValue(alone, values);
    return filledText(template, values);
  }
  if (Array.isArray(template)) return template.map((item) => filled(item, values));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, filled(item, values)]));
}

/** Names of the placeholders in a value of JSON, each once. */
export function placeholdersIn(template: unknown): string[] {
  const names = new Set<string>();
  collect(template, names);
  return [...names];
}

/** `env:NAME` and `file:PATH` are read from outside, and printed nowhere. */
export function isReference(name: string): boolean {
  return /^(env|file):/.test(name);
}

function collect(template: unknown, names: Set<string>): void {
  if (typeof template === "string") {
    if (reference.test(template)) names.add(template);
    else for (const [, , name] of template.matchAll(placeholder)) if (name !== undefined) names.add(name);
  } else if (typeof template === "object" && template !== null) {
    for (const item of Object.values(template)) collect(item, names);
  }
}

function knownValue(name: string, values: Values): unknown {
  if (!values.has(name)) throw new UnknownPlaceholder(name);
  return values.get(name);
}

function asText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
