/** A host of the inventory. */
export interface InventoryHost {
  readonly name: string;
  /** Where it is reached: `ansible_host`, else its name. */
  readonly address: string;
  /** Its plain variables: texts and numbers. What Ansible would have to render, or decrypt, is not among them. */
  readonly variables: Readonly<Record<string, string | number>>;
}

interface Group {
  readonly hosts?: readonly string[];
  readonly children?: readonly string[];
}

/**
 * The hosts of a group and of the groups below it, each once, in the inventory's order; undefined where there is
 * no such group.
 *
 * @param text what `ansible-inventory --list` printed
 * @throws SyntaxError where it is no JSON.
 */
export function hostsOfGroup(text: string, group: string): InventoryHost[] | undefined {
  const data = JSON.parse(text) as Record<string, Group> & {
    _meta?: { hostvars?: Record<string, Record<string, unknown>> };
  };
  // Ansible leaves out a group that is empty.
  const isKnown = group in data || namesOfGroups(data).has(group);
  if (!isKnown) return undefined;
  const names = new Set<string>();
  collect(data, group, names, new Set());
  return [...names].map((name) => hostOf(name, data._meta?.hostvars?.[name] ?? {}));
}

function namesOfGroups(data: Readonly<Record<string, Group>>): Set<string> {
  return new Set(Object.values(data).flatMap(({ children = [] }) => children));
}

function collect(
  data: Readonly<Record<string, Group>>,
  group: string,
  names: Set<string>,
  seen: Set<string>,
): void {
  if (seen.has(group)) return;
  seen.add(group);
  for (const name of data[group]?.hosts ?? []) names.add(name);
  for (const child of data[group]?.children ?? []) collect(data, child, names, seen);
}

function hostOf(name: string, given: Readonly<Record<string, unknown>>): InventoryHost {
  const variables = Object.fromEntries(Object.entries(given).filter(isPlain));
  return { name, address: String(variables.ansible_host ?? name), variables };
}

function isPlain(entry: [string, unknown]): entry is [string, string | number] {
  const [, value] = entry;
  return typeof value === "number" || (typeof value === "string" && !value.includes("{{"));
}
